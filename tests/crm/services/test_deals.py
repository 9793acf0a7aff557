"""Deals: opened, moved through the funnel, won, lost and reopened under their rules."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.refusals import NotAllowed
from crm.models import Deal, DealStatus, LossReason, Pipeline, Product, Share, Source, Task
from crm.services import deals
from crm.services.base import Missing, OwnerGone, StaleRecord
from crm.services.lines import LineRefused
from crm.services.stages import NoStages
from crm.services.text import OutOfRange
from tests.factories.crm import make_company, make_contact, make_deal, make_stage, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def funnel(db):
    new = make_stage("New", position=0)
    offer = make_stage("Offer", position=1, required_fields=["amount_minor", "expected_close", "contacts", "lines"])
    return new, offer


@pytest.fixture
def add(cast, clock, funnel):
    def one(title="Fleet renewal", by=None, **words):
        return deals.add(by=by or cast.manager, at=clock.now, title=title, **words)

    return one


@pytest.fixture
def call(cast, clock):
    """Call a verb as the manager, or as somebody else."""

    def verb(name, deal, by=None, **words):
        return getattr(deals, name)(deal=deal, by=by or cast.manager, at=clock.now, **words)

    return verb


def test_a_new_deal_is_open_at_the_first_stage_and_opened_now(add, cast, clock, funnel):
    deal = add()
    assert (deal.stage, deal.status, deal.owner) == (funnel[0], DealStatus.OPEN, cast.manager)
    assert (deal.opened_at, deal.stage_since, deal.closed_at) == (clock.now, clock.now, None)


def test_a_new_deal_takes_the_company_of_its_contact_and_its_first_task(add, cast, clock):
    acme = make_company(cast.manager)
    nadia = make_contact(cast.manager, company=acme)
    deal = add(contacts=[nadia], first_task=deals.NextStepSpec("Send the offer", date(2026, 10, 22)))
    task = deal.tasks.get()
    assert (deal.company, list(deal.contacts.all())) == (acme, [nadia])
    assert (task.owner, task.company, task.contact, task.due_has_time) == (cast.manager, acme, nadia, False)
    assert deal.next_task_due == task.due_at


def test_a_deal_without_any_stage_to_stand_on_is_refused(cast, clock):
    with pytest.raises(NoStages):
        deals.add(by=cast.manager, at=clock.now, title="Fleet")


def test_a_deal_needs_a_title_and_an_amount_of_zero_or_more(add):
    with pytest.raises(Missing):
        add(" ")
    with pytest.raises(OutOfRange):
        add(amount_minor=-1)


@pytest.mark.parametrize("amount", [10.5, "10", Decimal("10.5"), True])
def test_an_amount_is_a_whole_number_of_minor_units(add, amount):
    with pytest.raises(TypeError, match="amount_minor"):
        add(amount_minor=amount)


def test_a_deal_may_begin_where_it_has_what_the_stage_asks_for(add, cast, funnel):
    whole = {
        "amount_minor": 100,
        "expected_close": date(2026, 11, 1),
        "contacts": [make_contact(cast.manager)],
        "lines": [deals.LineSpec(Product.objects.create(name="Tyre"))],
    }
    assert add(stage=funnel[1], **whole).stage == funnel[1]
    with pytest.raises(deals.RequiredFieldsMissing):
        add(stage=funnel[1], **whole | {"lines": ()})


def test_lines_carry_the_list_price_unless_another_is_agreed(add, call):
    tyre, oil = (
        Product.objects.create(name="Tyre", price_minor=9900),
        Product.objects.create(name="Oil", price_minor=500),
    )
    deal = add(lines=[deals.LineSpec(tyre, Decimal("4")), deals.LineSpec(oil, Decimal("2.5"), 450)])
    assert list(deal.lines.order_by("pk").values_list("product", "quantity", "price_minor")) == [
        (tyre.pk, Decimal("4"), 9900),
        (oil.pk, Decimal("2.5"), 450),
    ]
    call("edit", deal, lines=[deals.LineSpec(oil)])
    assert deal.lines.count() == 1
    for wrong in ([deals.LineSpec(oil, Decimal(0))], [deals.LineSpec(oil, Decimal(1), -1)], [deals.LineSpec(oil)] * 2):
        with pytest.raises(LineRefused):
            call("edit", deal, lines=wrong)


@pytest.mark.parametrize("link", ["company", "contacts"])
def test_a_deal_names_only_records_within_reach(add, cast, call, link):
    theirs = make_company(cast.stranger, "Theirs") if link == "company" else [make_contact(cast.stranger, "Their man")]
    with pytest.raises(NotAllowed):
        add(**{link: theirs})
    deal = add()
    with pytest.raises(NotAllowed):
        call("edit", deal, **{link: theirs})
    assert not deal.contacts.exists()


def test_an_edit_keeps_contacts_that_somebody_else_named(add, cast, call):
    deal, hers = add(), make_contact(cast.stranger, "Their man")
    deal.contacts.add(hers)
    mine = make_contact(cast.manager)
    call("edit", deal, contacts=[hers, mine], amount_minor=5000)
    assert set(deal.contacts.all()) == {hers, mine}
    assert deal.amount_minor == 5000


def test_an_edit_cannot_change_stage_status_or_owner(add, call, funnel):
    for name, value in (("stage", funnel[1]), ("status", "won"), ("owner", None), ("closed_at", None)):
        with pytest.raises(TypeError, match=name):
            call("edit", add(), **{name: value})


def test_an_edit_on_top_of_somebody_elses_is_refused(add, cast, call, clock):
    deal = add()
    seen_at = deal.changed_at
    clock.set("2026-10-20 11:00")
    call("edit", deal, by=cast.head, note="Called")
    with pytest.raises(StaleRecord):
        call("edit", deal, seen_at=seen_at, note="Mailed")


def test_a_move_names_what_the_stage_still_asks_for(add, call, cast, funnel):
    deal = add(amount_minor=100)
    with pytest.raises(deals.RequiredFieldsMissing) as refused:
        call("move", deal, to=funnel[1])
    assert refused.value.fields == ["expected_close", "contacts", "lines"]
    assert refused.value.field == "expected_close"
    assert str(refused.value.message) == (
        "Fill in expected close, contacts and products first, then move the deal to Offer."
    )
    call("edit", deal, expected_close=date(2026, 11, 1), contacts=[make_contact(cast.manager)])
    call("edit", deal, lines=[deals.LineSpec(Product.objects.create(name="Tyre"))])
    assert call("move", deal, to=funnel[1]).stage == funnel[1]


def test_an_amount_of_zero_is_filled_in(add, call, funnel):
    stage = make_stage("Priced", required_fields=["amount_minor"])
    assert call("move", add(amount_minor=0), to=stage).stage == stage


def test_a_move_to_where_it_is_does_nothing(add, call, funnel, clock):
    deal = add()
    since = deal.stage_since
    clock.set("2026-10-21 10:00")
    call("move", deal, to=funnel[0])
    assert (deal.stage_since, deal.changed_at) == (since, since)


def test_a_deal_stays_in_its_pipeline(add, call):
    elsewhere = make_stage("Renewal", Pipeline.objects.create(name="Service"))
    with pytest.raises(deals.OtherPipeline):
        call("move", add(), to=elsewhere)


def test_a_closed_deal_does_not_move(add, call):
    deal = call("win", add())
    with pytest.raises(deals.DealClosed):
        call("move", deal, to=make_stage("Later"))


def test_a_won_deal_is_stamped_once_whoever_wins_it_again(add, call, cast, clock):
    deal, won_at = add(), clock.set("2026-10-20 11:00")
    call("win", deal)
    assert (deal.status, deal.closed_at, deal.first_won_by) == (DealStatus.WON, won_at, cast.manager)
    clock.set("2026-10-21 10:00")
    call("win", deal, by=cast.head)
    assert (deal.closed_at, deal.first_won_by) == (won_at, cast.manager)


def test_a_deal_is_not_lost_without_a_reason(add, call):
    deal = add()
    with pytest.raises(deals.LossReasonMissing) as refused:
        call("lose", deal, reason=None)
    assert refused.value.field == "reason"
    deal.refresh_from_db()
    assert deal.status == DealStatus.OPEN


def test_a_reason_that_asks_for_the_competitor_gets_one(add, call):
    deal, reason = add(), LossReason.objects.create(name="Competitor", asks_competitor=True)
    with pytest.raises(deals.CompetitorMissing):
        call("lose", deal, reason=reason, competitor="  ")
    call("lose", deal, reason=reason, competitor=" Beta ")
    assert (deal.status, deal.loss_reason, deal.competitor) == (DealStatus.LOST, reason, "Beta")


def test_the_reason_of_a_lost_deal_may_be_corrected_without_losing_it_again(add, call, clock):
    first, second = (LossReason.objects.create(name=name) for name in ("Price", "Timing"))
    deal = call("lose", add(), reason=first)
    closed_at = deal.closed_at
    clock.set("2026-10-21 10:00")
    call("lose", deal, reason=second)
    assert (deal.loss_reason, deal.closed_at) == (second, closed_at)


def test_a_won_deal_is_reopened_before_it_is_lost_and_the_other_way_round(add, call):
    reason = LossReason.objects.create(name="Price")
    with pytest.raises(deals.DealClosed):
        call("lose", call("win", add()), reason=reason)
    with pytest.raises(deals.DealClosed):
        call("win", call("lose", add("Other"), reason=reason))


def test_a_reopened_deal_forgets_why_it_was_lost(add, call, funnel):
    later = make_stage("Later", position=3)
    deal = call("lose", add(), reason=LossReason.objects.create(name="Price"), competitor="Beta")
    call("reopen", deal, stage=later)
    assert (deal.status, deal.stage, deal.loss_reason, deal.competitor, deal.closed_at) == (
        DealStatus.OPEN,
        later,
        None,
        "",
        None,
    )
    call("reopen", deal, stage=funnel[0])
    assert deal.stage == later


def test_a_deal_reopens_only_where_it_has_what_the_stage_asks_for(add, call, funnel):
    deal = call("win", add())
    with pytest.raises(deals.RequiredFieldsMissing):
        call("reopen", deal, stage=funnel[1])
    with pytest.raises(deals.OtherPipeline):
        call("reopen", deal, stage=make_stage("Renewal", Pipeline.objects.create(name="Service")))


def test_a_deal_given_away_takes_its_owners_open_tasks_along(add, call, cast, clock):
    deal = add(first_task=deals.NextStepSpec("Call", clock.now))
    of_head = make_task(cast.head, clock.now, deal=deal)
    done = make_task(cast.manager, clock.now, deal=deal, status="done")
    call("give", deal, to=cast.teammate)
    assert deal.owner == cast.teammate
    assert dict(Task.objects.values_list("pk", "owner")) == {
        deal.tasks.get(title="Call").pk: cast.teammate.pk,
        of_head.pk: cast.head.pk,
        done.pk: cast.manager.pk,
    }


def test_a_deal_goes_to_nobody_who_left(add, call, cast):
    cast.teammate.is_active = False
    with pytest.raises(OwnerGone):
        call("give", add(), to=cast.teammate)


def test_a_deleted_deal_takes_its_open_tasks_along(add, call, cast, clock):
    deal = add(first_task=deals.NextStepSpec("Call", clock.now))
    call("delete", deal, by=cast.head)
    assert not Task.objects.live().exists()
    assert not Deal.objects.visible_to(cast.head).exists()


def test_a_manager_deletes_no_deal(add, call):
    with pytest.raises(NotAllowed):
        call("delete", add())


@pytest.mark.parametrize("who", ["teammate", "stranger", "other_head", "owner", "admin"])
@pytest.mark.parametrize("verb", ["edit", "move", "win", "lose", "reopen", "give", "delete"])
def test_who_does_not_reach_a_deal_changes_nothing(add, call, cast, funnel, who, verb):
    deal = add()
    words = {
        "edit": {"title": "Taken"},
        "move": {"to": make_stage("Later")},
        "lose": {"reason": LossReason.objects.create(name="Price")},
        "give": {"to": cast.stranger},
    }.get(verb, {})
    with pytest.raises(NotAllowed):
        call(verb, deal, by=getattr(cast, who), **words)
    deal.refresh_from_db()
    assert (deal.title, deal.stage, deal.status, deal.owner, deal.deleted_at) == (
        "Fleet renewal",
        funnel[0],
        DealStatus.OPEN,
        cast.manager,
        None,
    )


def test_a_colleague_with_a_shared_deal_works_on_it_but_does_not_give_it_away(add, call, cast):
    deal = add()
    Share.objects.create(user=cast.stranger, deal=deal, shared_by=cast.manager)
    assert call("edit", deal, by=cast.stranger, note="Called").changed_by == cast.stranger
    with pytest.raises(NotAllowed):
        call("give", deal, by=cast.stranger, to=cast.stranger)


def test_the_same_key_of_the_same_source_brings_back_the_deal(add):
    first = add(source=Source.API, external_id="d-1")
    assert add("Other", source=Source.API, external_id="d-1") == first
    assert Deal.objects.count() == 1


def test_a_deal_that_is_gone_is_beyond_reach(cast, call):
    deal = make_deal(cast.manager)
    Deal.objects.filter(pk=deal.pk).update(deleted_at=deal.recorded_at)
    with pytest.raises(NotAllowed):
        call("win", deal)
