"""What an old table says of a merged client is said of the one that it became part of."""

import pytest

from crm.models import Company, Deal
from crm.services import companies, merges
from tests.migrations_data import tables
from tests.migrations_data.tables import counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(clock, cast):
    """An imported company that became part of one entered by hand, with its name and its year corrected there."""
    clock.set("2026-06-01 10:00")
    kept = companies.add(by=cast.manager, at=clock.now, name="Cedar Group", city="Poznań")
    tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    Company.objects.filter(name="Cedar Foods").update(owner=cast.manager)
    clock.set("2026-10-20 10:00")
    gone = Company.objects.get(name="Cedar Foods")
    merges.merge(noun="company", survivor=kept.pk, merged=gone.pk, choices={}, by=cast.manager, at=clock.now)
    kept.refresh_from_db()
    companies.edit(company=kept, by=cast.manager, at=clock.now, founded=1987)
    clock.set("2026-10-21 10:00")
    return kept, gone


def test_the_same_table_again_changes_nothing_and_makes_no_second_company(merged, clock, cast):
    kept, gone = merged
    done = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert counts(done)["companies"] == (4, 0, 0, 4, 0)
    assert not Company.objects.live().filter(name="Cedar Foods").exists()
    kept.refresh_from_db()
    assert (kept.name, kept.founded) == ("Cedar Group", 1987)
    assert Company.objects.get(pk=gone.pk).deleted_at is not None


def test_what_is_new_in_the_table_reaches_the_one_that_stayed(merged, clock, cast):
    kept, _gone = merged
    newer = tables.ALL_FOUR | {
        "accounts.csv": tables.ACCOUNTS.replace("251.41,495", "251.41,512"),
        "sales_pipeline.csv": tables.PIPELINE + "A7,Ada North,KV Special,Cedar Foods,Won,02-11-2016,13-03-2017,60\n",
    }
    done = tables.run(cast.admin, clock.now, newer)
    assert counts(done)["companies"] == (4, 0, 1, 3, 0)
    kept.refresh_from_db()
    assert (kept.employees, kept.founded) == (512, 1987)
    assert Deal.objects.get(external_id="A7").company == kept
    again = tables.run(cast.admin, clock.now, newer)
    assert counts(again)["companies"] == (4, 0, 0, 4, 0)
