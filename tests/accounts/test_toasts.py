"""What an answer tells the page besides its content."""

import json

from django.http import HttpResponse

from accounts.toasts import close_dialog, toast


def test_a_toast_travels_with_the_answer() -> None:
    response = toast(HttpResponse(), "Call logged", undo_url="/activities/7/delete/")
    assert json.loads(response["HX-Trigger"]) == {
        "toast": {"message": "Call logged", "kind": "good", "undo_url": "/activities/7/delete/"}
    }


def test_a_saved_dialog_closes_and_names_what_has_changed() -> None:
    response = close_dialog(toast(HttpResponse(status=204), "Deal added"), "deals-changed", "day-changed")
    assert set(json.loads(response["HX-Trigger"])) == {"toast", "close-dialog", "deals-changed", "day-changed"}
