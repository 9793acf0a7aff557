"""What words of old tables mean: proposed, confirmed once, obeyed."""

import pytest
from django.urls import reverse

from accounts.models import User
from crm.models import Activity, Company, Deal, LossReason, Pipeline, Stage
from discipline.models import Assignment
from migrations_data.meanings.people import Known, Person, likeness, propose
from migrations_data.models import Decision, ImportMatch, Status, What
from migrations_data.services import imports, matches, work
from tests.budgets import assert_budget
from tests.factories.people import make_user
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
HEAD = "deal_id,title,account,owner,stage,amount,loss_reason\n"


def deals(*rows):
    return {"deals.csv": HEAD + "\n".join(rows) + "\n"}


@pytest.fixture
def funnel(db):
    pipeline = Pipeline.objects.first() or Pipeline.objects.create(name="Sales")
    Stage.objects.all().delete()
    for place, name in enumerate(("New", "Offer", "Negotiation")):
        Stage.objects.create(pipeline=pipeline, name=name, position=place)
    LossReason.objects.create(name="Price", position=90)
    return pipeline


def collected(cast, clock, files):
    made = tables.upload(cast.admin, clock.now, files)
    matches.collect(made)
    return made


def decided(made):
    return {one.said: (one.decision, one.target_id, one.sure) for one in ImportMatch.objects.filter(of_import=made)}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Иванов И.И.", "Иванов Иван Иванович"),
        ("И. Иванов", "Иванов Иван Иванович"),
        ("Ivanov Ivan", "Иванов Иван Иванович"),
        ("Иван Иванов", "Иванов Иван Иванович"),
        ("Kowalsky Anna", "Anna Kowalska"),
        ("Okoro", "Ben Okoro"),
        ("ben.okoro@old.example", "Ben Okoro"),
    ],
)
def test_a_name_written_otherwise_is_proposed_and_never_certain(said, name):
    ours = Known(Decision.USE, [Person(1, name), Person(2, "Zofia Wrona"), Person(3, "Петрова Анна Сергеевна")])
    found = propose(said, ours, Known(Decision.MAKE, []))
    assert (found.decision, found.target, found.sure) == (Decision.USE, 1, False)


def test_two_who_may_be_meant_are_nobody():
    ours = Known(Decision.USE, [Person(1, "Иванов Иван Иванович"), Person(2, "Иванов Илья Игоревич")])
    assert propose("Иванов И.И.", ours, Known(Decision.MAKE, [])).decision == Decision.INACTIVE
    assert likeness("Иванов П.И.", ours.people[0]) < 85


def test_words_are_collected_with_what_they_probably_mean(clock, cast, funnel):
    offer, lost = Stage.objects.get(name="Offer"), LossReason.objects.get(name="Price")
    made = collected(
        cast, clock,
        deals(
            "1,A,Birch,Anna Manager,Oferta,5,",
            "2,B,Birch,Manager A.,Audit,6,",
            "3,C,Birch,Somebody Gone,Won,7,",
            "4,D,Cedar,Somebody Gone,Lost,8,too expensive",
        ),
    )  # fmt: skip
    assert decided(made) == {
        "Anna Manager": (Decision.USE, cast.manager.pk, True),
        "Manager A.": (Decision.USE, cast.manager.pk, False),
        "Somebody Gone": (Decision.INACTIVE, None, False),
        "Oferta": (Decision.USE, offer.pk, False),
        "Audit": (Decision.MAKE, None, False),
        "Won": (Decision.USE, -1, True),
        "Lost": (Decision.USE, -2, True),
        "too expensive": (Decision.USE, lost.pk, False),
    }
    assert ImportMatch.objects.get(said="Somebody Gone").count == 2
    assert matches.unsure(made)


def test_collecting_again_keeps_what_the_coordinator_said(clock, cast, funnel):
    made = collected(cast, clock, deals("1,A,Birch,Somebody Gone,Audit,5,"))
    one = ImportMatch.objects.get(what=What.OWNER)
    matches.decide(of=made, by=cast.admin, chosen={one.pk: f"use:{cast.manager.pk}"})
    matches.collect(made)
    assert decided(made)["Somebody Gone"] == (Decision.USE, cast.manager.pk, True)
    assert not matches.unsure(made)


def test_a_choice_that_is_not_offered_is_refused(clock, cast, funnel):
    made = collected(cast, clock, deals("1,A,Birch,Somebody Gone,Audit,5,"))
    one = ImportMatch.objects.get(what=What.OWNER)
    with pytest.raises(matches.NoSuchChoice):
        matches.decide(of=made, by=cast.admin, chosen={one.pk: f"use:{cast.owner.pk}"})


def test_somebody_who_left_owns_records_and_neither_signs_in_nor_is_scored(clock, cast, funnel):
    done = tables.run(
        cast.admin, clock.now, deals("1,A,Birch,Somebody Gone,Offer,5,", "2,B,Birch,Somebody Gone,Offer,6,")
    )
    assert tables.counts(done)["deals"] == (2, 2, 0, 0, 0)
    gone = User.objects.get(full_name="Somebody Gone")
    assert (gone.is_active, gone.has_usable_password(), gone.email) == (False, False, "somebody.gone@import.invalid")
    assert Deal.objects.filter(owner=gone).count() == 2
    assert Company.objects.get(name="Birch").owner == gone
    assert not Assignment.objects.filter(user=gone).exists()
    again = tables.run(cast.admin, clock.now, deals("1,A,Birch,Somebody Gone,Offer,5,"))
    assert tables.counts(again)["deals"] == (1, 0, 0, 1, 0)
    assert User.objects.filter(full_name="Somebody Gone").count() == 1


def test_what_was_confirmed_is_obeyed(clock, cast, funnel):
    made = collected(
        cast, clock,
        deals("1,A,Birch,Somebody Gone,Audit,5,", "2,B,Birch,Nobody Else,Zamknięta,6,"),
    )  # fmt: skip
    chosen = {one.said: one.pk for one in ImportMatch.objects.filter(of_import=made)}
    negotiation = Stage.objects.get(name="Negotiation")
    said = {
        "Somebody Gone": f"use:{cast.teammate.pk}", "Nobody Else": "mine", "Audit": f"use:{negotiation.pk}", "Zamknięta": "use:-1",
    }  # fmt: skip
    matches.decide(of=made, by=cast.admin, chosen={chosen[word]: code for word, code in said.items()})
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=made.pk, at=clock.now)
    assert set(Deal.objects.values_list("title", "owner", "stage__name", "status")) == {
        ("A", cast.teammate.pk, "Negotiation", "open"),
        ("B", cast.admin.pk, "Negotiation", "won"),
    }
    assert Stage.objects.count() == 3


def test_reasons_that_are_texts_become_one_reason_and_stay_in_the_note(clock, cast, funnel):
    rows = [f"{n},T{n},Birch,Anna Manager,Lost,5,because of matter {n} and {n * 7}" for n in range(20)]
    done = tables.run(cast.admin, clock.now, deals(*rows))
    assert tables.counts(done)["deals"] == (20, 20, 0, 0, 0)
    assert LossReason.objects.filter(name="Imported").exists()
    assert not LossReason.objects.filter(name__startswith="because").exists()
    assert Deal.objects.get(title="T3").note == "loss_reason: because of matter 3 and 21"


def test_initials_mean_a_person_of_the_list_that_comes_along(clock, cast, funnel):
    files = deals("1,A,Birch,Иванов А.А.,Offer,5,") | {
        "people.csv": "sales_agent,manager,regional_office\nИванов Александр Александрович,Hugo Reyes,Central\n"
    }
    done = tables.run(cast.admin, clock.now, files)
    assert tables.counts(done)["deals"] == (1, 1, 0, 0, 0)
    assert Deal.objects.get().owner.full_name == "Иванов Александр Александрович"


def test_kinds_of_activity_are_told_by_their_words(clock, cast):
    table = "date,type,account,note,owner\n" + "".join(
        f"2025-03-0{n},{word},Birch,talked,Anna Manager\n"
        for n, word in enumerate(("звонок", "Spotkanie", "E-mail", "Umbrella"), 1)
    )
    made = collected(cast, clock, {"activities.csv": table})
    told = {one.said: (one.target_id, one.sure) for one in ImportMatch.objects.filter(what=What.ACTIVITY)}
    assert told == {"звонок": (1, True), "Spotkanie": (2, True), "E-mail": (3, True), "Umbrella": (5, False)}
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=made.pk, at=clock.now)
    assert sorted(Activity.objects.values_list("kind", flat=True)) == ["call", "email", "meeting", "note"]


def test_the_page_has_everything_preselected_and_one_button(clock, cast, sign_in, funnel):
    made = collected(cast, clock, deals("1,A,Birch,Somebody Gone,Audit,5,", "2,B,Birch,Manager A.,Offer,6,"))
    window = sign_in(cast.admin)
    address = reverse("migrations_data:import-words", args=[made.pk])
    page = window.get(address)
    shown = page.content.decode()
    assert "Somebody who left: “Somebody Gone”" in shown
    assert f'value="use:{cast.manager.pk}" selected' in shown
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert window.post(address, sent).url == reverse("migrations_data:import", args=[made.pk])
    made.refresh_from_db()
    assert made.status == Status.PREVIEWING
    assert not ImportMatch.objects.filter(sure=False).exists()


def test_the_page_refuses_what_it_does_not_offer(clock, cast, sign_in, funnel):
    made = collected(cast, clock, deals("1,A,Birch,Somebody Gone,Offer,5,"))
    one = ImportMatch.objects.get(what=What.OWNER)
    address = reverse("migrations_data:import-words", args=[made.pk])
    answer = sign_in(cast.admin).post(address, {f"match-{one.pk}": "use:999999"})
    assert answer.status_code == 422
    assert "A choice is not offered any more." in answer.content.decode()


def test_the_columns_lead_to_the_words_when_one_is_not_certain(clock, cast, sign_in, funnel):
    made = tables.upload(cast.admin, clock.now, deals("1,A,Birch,Somebody Gone,Offer,5,"))
    window = sign_in(cast.admin)
    address = reverse("migrations_data:import-columns", args=[made.pk])
    form = window.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert window.post(address, sent).url == reverse("migrations_data:import-words", args=[made.pk])


def test_the_page_costs_the_same_however_many_words_there_are(clock, cast, sign_in, funnel):
    made = collected(cast, clock, deals("1,A,Birch,Somebody Gone,Audit,5,"))

    def more():
        for n in range(70):
            make_user(f"Person Number {n}")
        ImportMatch.objects.bulk_create(
            ImportMatch(of_import=made, what=What.OWNER, text=f"w{n}", said=f"W{n}", decision=Decision.INACTIVE)
            for n in range(50)
        )

    assert_budget(sign_in(cast.admin), reverse("migrations_data:import-words", args=[made.pk]), 14, more)
