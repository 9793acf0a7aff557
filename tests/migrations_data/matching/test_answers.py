"""What people say about rows that may be somebody, and what becomes of the rows then."""

import pytest

from crm.models import Company
from migrations_data.models import Answer, Import, ImportQuestion, ImportRow, Outcome, Status
from migrations_data.services import answers, imports, work
from migrations_data.services.answers import NobodyLike, NotNow, Settled, TakenAlready
from tests.factories.crm import make_company
from tests.migrations_data.tables import preview, run

pytestmark = pytest.mark.django_db

HEAD = "id,company,nip,phone,street,city,employees\n"
TWICE = {
    "companies.csv": HEAD
    + "1,Birch Laboratories,,600100200,,Kraków,\n2,Birch Labortories,,600100200,Long 1,Kraków,70\n"
}
THREE = {
    "c.csv": HEAD
    + "".join(f"{n},Dune {word},,60010020{n},,Kraków,10\n" for n, word in enumerate(("Cement", "Hotels", "Opera")))
}


def question(of, number):
    return ImportQuestion.objects.get(of_import=of, row__number=number)


def say(of, number, answer, cast, clock, **words):
    return answers.answer(
        of=of, pks=[question(of, number).pk], answer=answer, by=cast.admin, at=clock.now, background=False, **words
    )


def outcomes(of):
    rows = ImportRow.objects.filter(sheet__file__of_import=of, number__gt=1)
    return dict(rows.values_list("number", "outcome"))


def finish(of, cast, clock):
    imports.run(of=of, by=cast.admin, at=clock.now, background=False)
    return work.carry_on(import_id=of.pk, at=clock.now)


def test_a_row_that_is_the_same_as_another_fills_its_blanks_and_counts_as_merged(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.SAME, cast, clock)
    assert outcomes(of) == {2: Outcome.CREATED, 3: Outcome.MERGED}
    finish(of, cast, clock)
    company = Company.objects.get()
    assert (company.name, company.address, company.employees) == ("Birch Laboratories", "Long 1", 70)
    assert outcomes(of) == {2: Outcome.CREATED, 3: Outcome.MERGED}


def test_another_one_becomes_a_record_of_its_own(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.OTHER, cast, clock)
    finish(of, cast, clock)
    assert set(Company.objects.values_list("name", flat=True)) == {"Birch Laboratories", "Birch Labortories"}


def test_a_row_left_out_writes_nothing(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.LEAVE, cast, clock)
    finish(of, cast, clock)
    assert outcomes(of) == {2: Outcome.CREATED, 3: Outcome.LEFT_OUT}
    assert Company.objects.count() == 1


def test_who_is_in_daybook_already_is_linked_by_the_answer(cast, clock):
    here = make_company(cast.manager, name="Birch Laboratories", phone="+48 600 100 200", city="Kraków")
    of = preview(cast.admin, clock.now, {"c.csv": HEAD + "7,Birch Labortories,,600100200,,Kraków,70\n"})
    assert question(of, 2).candidates[0]["record"] == here.pk
    say(of, 2, Answer.SAME, cast, clock)
    finish(of, cast, clock)
    here.refresh_from_db()
    assert (Company.objects.count(), here.employees, here.name) == (1, 70, "Birch Laboratories")


def test_rows_that_ask_the_same_are_answered_together(cast, clock):
    for n, word in enumerate(("Cement", "Hotels", "Opera")):
        make_company(cast.manager, name=f"Dune {word}", phone=f"60010020{n}", city="Kraków")
    of = preview(cast.admin, clock.now, THREE)
    first = question(of, 2)
    assert ImportQuestion.objects.filter(group=first.group).count() == 3
    changed = answers.answer_group(
        of=of, group=first.group, answer=Answer.SAME, by=cast.admin, at=clock.now, background=False
    )
    assert len(changed) == 3
    finish(of, cast, clock)
    assert Company.objects.count() == 3
    assert Outcome.ASKED not in outcomes(of).values()


def test_saying_it_twice_changes_nothing_and_keeps_who_said_it_first(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    assert len(say(of, 3, Answer.OTHER, cast, clock)) == 1
    said_at = question(of, 3).answered_at
    clock.set("2026-10-21 09:00")
    assert say(of, 3, Answer.OTHER, cast, clock) == []
    assert (question(of, 3).answered_at, question(of, 3).answered_by) == (said_at, cast.admin)


def test_the_last_decision_can_be_taken_back(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.LEAVE, cast, clock)
    answers.take_back(of=of, by=cast.admin, at=clock.now, background=False)
    assert question(of, 3).answer == Answer.OPEN
    assert outcomes(of)[3] == Outcome.ASKED


def test_in_a_finished_run_an_answer_loads_the_row(cast, clock):
    of = run(cast.admin, clock.now, TWICE)
    assert (of.status, outcomes(of)[3], Company.objects.count()) == (Status.DONE, Outcome.ASKED, 1)
    say(of, 3, Answer.SAME, cast, clock)
    assert outcomes(of)[3] == Outcome.MERGED
    assert Company.objects.get().employees == 70
    with pytest.raises(TakenAlready):
        say(of, 3, Answer.OTHER, cast, clock)


def test_the_same_table_again_asks_nothing_that_was_answered(cast, clock):
    of = run(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.SAME, cast, clock)
    again = run(cast.admin, clock.now, TWICE)
    assert set(outcomes(again).values()) == {Outcome.SKIPPED}
    assert not ImportQuestion.objects.filter(of_import=again).exists()
    assert Company.objects.count() == 1


def test_while_the_import_is_at_work_nothing_is_decided(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    Import.objects.filter(pk=of.pk).update(status=Status.RUNNING)
    with pytest.raises(NotNow):
        say(of, 3, Answer.SAME, cast, clock)


def test_in_a_closed_import_nothing_is_decided(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    Import.objects.filter(pk=of.pk).update(closed_at=clock.now)
    with pytest.raises(Settled):
        say(of, 3, Answer.SAME, cast, clock)


def test_only_candidates_can_be_the_same(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    with pytest.raises(NobodyLike):
        say(of, 3, Answer.SAME, cast, clock, candidate=4)


def test_a_new_preview_keeps_answers_and_asks_the_rest_again(cast, clock):
    of = preview(cast.admin, clock.now, TWICE)
    say(of, 3, Answer.LEAVE, cast, clock)
    imports.preview(of=of, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=of.pk, at=clock.now)
    assert outcomes(of) == {2: Outcome.CREATED, 3: Outcome.LEFT_OUT}
