"""Several queries at once bring what each would have brought alone."""

from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from accounts.together import together
from crm.models import Company, Deal, Task
from discipline.models import Assignment
from tests.factories.crm import make_company, make_deal, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast


def test_records_come_back_with_every_value_as_alone(cast: Cast) -> None:
    make_scored(cast)
    company = make_company(cast.manager, 'Łódź "&" Söhne', custom={"fleet": [1, 2.5, None]}, completeness="0.833")
    asked = [Company.objects.all(), Assignment.objects.order_by("-pk"), User.objects.order_by("pk"), Membership.objects.order_by("pk")]  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        read = together(*asked)
    assert len(captured) == 1
    for query, rows in zip(asked, read, strict=True):
        for alone, row in zip(query, rows, strict=True):
            assert alone == row
            assert {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} == {
                f.attname: getattr(alone, f.attname) for f in row._meta.concrete_fields
            }
    assert read[0][0].pk == company.pk
    assert not read[0][0]._state.adding


def test_values_annotations_limits_and_order_are_kept(cast: Cast) -> None:
    now = timezone.now()
    for n in range(4):
        deal = make_deal(cast.manager, f"Deal {n}", company=make_company(cast.manager, f"Company {n}"), amount_minor=n)
        make_task(cast.manager, now + timedelta(days=n), f"Task {n}", deal=deal)
    deals = Deal.objects.order_by("-amount_minor").values("pk", "title", "company__name", far=F("next_task_due"))[:3]
    tasks = Task.objects.annotate(about=F("deal__title")).order_by("-due_at")
    counted = Task.objects.values("owner").annotate(n=Count("pk"))
    read = together(deals, tasks, counted)
    assert read[0] == list(deals)
    assert [(task.pk, task.due_at, task.about) for task in read[1]] == [
        (one.pk, one.due_at, one.about) for one in tasks
    ]
    assert read[2] == list(counted)


def test_a_query_that_cannot_have_rows_costs_nothing(cast: Cast) -> None:
    assert together(Task.objects.none(), Task.objects.filter(Q(pk__in=[]))) == [[], []]
    make_task(cast.manager, timezone.now())
    assert [len(rows) for rows in together(Task.objects.none(), Task.objects.all())] == [0, 1]


def test_dates_and_nothing_at_all_come_back(cast: Cast) -> None:
    make_deal(cast.manager, expected_close=date(2026, 12, 24))
    make_deal(cast.manager)
    found = together(Deal.objects.order_by("pk").values("expected_close"))[0]
    assert [row["expected_close"] for row in found] == [date(2026, 12, 24), None]
