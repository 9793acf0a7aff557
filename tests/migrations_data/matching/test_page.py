"""The page of who is who: what it shows, what it takes, and what it costs."""

import pytest
from django.urls import reverse

from migrations_data.models import Answer, Import, ImportQuestion, Status
from tests.budgets import assert_budget
from tests.factories.crm import make_company
from tests.migrations_data.tables import preview

pytestmark = pytest.mark.django_db

HEAD = "id,company,nip,phone,street,city,postcode,employees\n"


def url(name, of):
    return reverse(f"migrations_data:{name}", args=[of.pk])


@pytest.fixture
def window(sign_in, cast):
    return sign_in(cast.admin)


def table(*lines):
    return {"companies.csv": HEAD + "\n".join(lines) + "\n"}


@pytest.fixture
def twice(cast, clock):
    return preview(
        cast.admin,
        clock.now,
        table(
            "1,Birch Laboratories,,600100200,,Kraków,30-001,10", "2,Birch Labortories,,600100200,Long 1,Krakow,30-001,"
        ),
    )


def the_question(of):
    return ImportQuestion.objects.get(of_import=of)


def test_both_rows_stand_beside_each_other_with_what_agrees_marked(window, twice):
    shown = window.get(url("import-questions", twice)).content.decode()
    for said in ("Who is Birch Labortories?", "row 3 of companies", "row 2 of companies", "0 of 1 decided"):
        assert said in shown
    assert shown.count('class="is-same"') == 3  # phone, city, postcode
    assert "a similar name, the same phone" in shown


def test_one_button_decides_and_the_list_comes_again(window, twice):
    sent = {"question": the_question(twice).pk, "answer": "same-1"}
    response = window.post(url("import-answer", twice), sent, headers={"HX-Request": "true"})
    assert "Everybody is known." in response.content.decode()
    assert the_question(twice).answer == Answer.SAME
    assert the_question(twice).other_row.number == 2


def test_without_scripts_the_page_comes_again(window, twice):
    sent = {"question": the_question(twice).pk, "answer": "other"}
    assert window.post(url("import-answer", twice), sent).url == url("import-questions", twice)
    assert "1 of 1 decided" in window.get(url("import-questions", twice)).content.decode()


def test_the_last_decision_is_taken_back(window, twice):
    window.post(url("import-answer", twice), {"question": the_question(twice).pk, "answer": "leave"})
    response = window.post(url("import-answer-back", twice), headers={"HX-Request": "true"})
    assert "Who is Birch Labortories?" in response.content.decode()


def test_what_makes_no_sense_is_told_and_changes_nothing(window, twice):
    for answer in ("", "same-7", "else"):
        sent = {"question": the_question(twice).pk, "answer": answer}
        response = window.post(url("import-answer", twice), sent, headers={"HX-Request": "true"})
        assert "toast" in response["HX-Trigger"]
    assert the_question(twice).answer == Answer.OPEN


def test_a_question_of_another_import_is_not_there(window, twice, cast, clock):
    other = Import.objects.create(created_by=cast.admin, created_at=clock.now, status=Status.PREVIEWED)
    sent = {"question": the_question(twice).pk, "answer": "other"}
    assert window.post(url("import-answer", other), sent).status_code == 404


def test_a_client_whom_the_person_may_not_see_is_not_shown(window, cast, clock):
    make_company(cast.manager, name="Birch Laboratories", phone="+48 600 100 200", city="Kraków", address="Secret 9")
    of = preview(cast.admin, clock.now, table("7,Birch Labortories,,600100200,,Kraków,,70"))
    shown = window.get(url("import-questions", of)).content.decode()
    assert "A client whom you may not see" in shown
    assert "Birch Laboratories" not in shown
    assert "Secret 9" not in shown


def test_all_alike_are_decided_with_one_button_that_says_how_many(window, cast, clock):
    for n in range(3):
        make_company(cast.manager, name=f"Dune {'ABC'[n]}rena", phone=f"60010020{n}", city="Kraków")
    of = preview(cast.admin, clock.now, table(*(f"{n},Dune {'ABC'[n]}rena,,60010020{n},,Kraków,,1" for n in range(3))))
    shown = window.get(url("import-questions", of)).content.decode()
    assert "All 3 are the same" in shown
    first = ImportQuestion.objects.filter(of_import=of).first()
    sent = {"question": first.pk, "answer": "same-1", "all": "on"}
    window.post(url("import-answer", of), sent, headers={"HX-Request": "true"})
    assert set(ImportQuestion.objects.values_list("answer", flat=True)) == {Answer.SAME}


def test_the_page_costs_the_same_whatever_it_shows(window, twice, cast, clock):
    first = the_question(twice)
    here = make_company(cast.manager, name="Else")
    first.candidates = [*first.candidates, {"record": here.pk, "row": None, "score": 60, "reasons": ["name"]}]
    first.save()

    def more():
        for n in range(12):
            row = first.row
            row.pk, row.number = None, 100 + n
            row.save()
            ImportQuestion.objects.create(
                of_import=twice,
                row=row,
                record_type="company",
                group=first.group,
                score=90,
                candidates=first.candidates,
            )

    assert_budget(window, url("import-questions", twice), 12, more)


def test_pages_follow_by_score(window, twice):
    first = the_question(twice)
    for n in range(8):
        row = first.row
        row.pk, row.number = None, 100 + n
        row.save()
        ImportQuestion.objects.create(
            of_import=twice, row=row, record_type="company", group="g", score=60 - n, candidates=first.candidates
        )
    page = window.get(url("import-questions", twice)).context["page"]
    behind = window.get(url("import-questions", twice), {"after": page.next}).context["page"]
    scores = [card.question.score for card in (*page.cards, *behind.cards)]
    assert len(scores) == 9
    assert scores == sorted(scores, reverse=True)
