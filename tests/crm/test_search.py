"""Search finds by parts of words, ends of phones, sites and tax numbers; obeys the policy; and reads indexes only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import search
from crm.models import Company, Contact, Deal
from crm.services import companies, contacts, deals, shares
from tests.factories.crm import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(cast, clock):
    """What somebody finds: names by noun."""

    def ask(query, user=None, limit=search.LIMIT):
        groups = search.find(user or cast.manager, query, limit).groups
        return {group.noun: [str(record) for record in group.records] for group in groups}

    return ask


@pytest.fixture
def acme(cast, clock):
    return companies.add(
        by=cast.manager,
        at=clock.now,
        name="Żółw Transport Sp. z o.o.",
        tax_number="525-000-77-38",
        domain="https://www.zolw.pl/kontakt",
        phone="600 100 200",
        city="Łódź",
    )


@pytest.fixture
def nadia(cast, clock, acme):
    return contacts.add(
        by=cast.manager,
        at=clock.now,
        name="Надежда Бауэр",
        company=acme,
        title="Директор",
        phones=["+48 22 123 45 67", "501 502 503"],
        emails=["N.Bauer@zolw.pl"],
    )


@pytest.mark.parametrize("query", ["zolw", "ŻÓŁW", "trans zol", "lodz tran", "żółw  sp"])
def test_a_company_is_found_by_the_beginnings_of_its_words_in_any_order_and_without_accents(found, acme, query):
    assert found(query)["company"] == [acme.name]


@pytest.mark.parametrize("query", ["olw", "zolw spedycja", "z", "", "  ", "&|!:*"])
def test_what_begins_no_word_finds_nothing(found, acme, query):
    assert "company" not in found(query)


@pytest.mark.parametrize(
    "query",
    [
        "0200",
        "100-200",
        "+48 600 100 200",
        "600100200",
        "5250007738",
        "PL-525 000",
        "PL5250007738",
        "zolw.pl",
        "www.ZOLW.pl/x",
    ],
)
def test_a_company_is_found_by_the_end_of_its_phone_its_tax_number_and_its_site(found, acme, query):
    assert found(query)["company"] == [acme.name]


@pytest.mark.parametrize("query", ["надеж", "БАУЭР надежда", "директор", "bauer zolw", "3 45 67", "502503", "żółw"])
def test_a_contact_is_found_by_name_position_mail_company_and_any_of_the_phones(found, nadia, query):
    assert found(query)["contact"] == ["Надежда Бауэр"]


def test_ёлка_is_found_as_елка(found, cast, clock):
    companies.add(by=cast.manager, at=clock.now, name="ООО «Ёлка»")
    assert found("елка")["company"] == found("ёлк")["company"] == ["ООО «Ёлка»"]


def test_a_deal_is_found_by_its_title_and_by_the_new_name_of_its_company(found, cast, clock, acme, nadia):
    deals.add(by=cast.manager, at=clock.now, title="Fleet renewal", company=acme, stage=make_stage())
    assert found("fleet zolw")["deal"] == ["Fleet renewal"]
    companies.edit(company=acme, by=cast.manager, at=clock.now, name="Gepard Transport")
    assert found("fleet gepard")["deal"] == ["Fleet renewal"]
    assert found("надежда gepard")["contact"] == ["Надежда Бауэр"]
    assert "deal" not in found("fleet zolw")


def test_phones_of_others_do_not_fill_the_place_of_ones_own(found, cast, clock, monkeypatch):
    monkeypatch.setattr(search, "CALLED", 1)
    for by, name in ((cast.stranger, "Theirs"), (cast.manager, "Mine"), (cast.stranger, "Also theirs")):
        phone = {"Theirs": "600 100 200", "Mine": "601 100 200", "Also theirs": "602 100 200"}[name]
        contacts.add(by=by, at=clock.now, name=name, phones=[phone])
    assert found("00 200")["contact"] == ["Mine"]


def test_three_digits_are_no_end_of_a_phone(found, acme):
    assert found("200") == {}


def test_the_best_come_first(found, cast, clock):
    for name in ("Alpine Sport", "Sport", "Sportowa Hala"):
        companies.add(by=cast.manager, at=clock.now, name=name, overridden=True)
    assert found("sport")["company"] == ["Sport", "Sportowa Hala", "Alpine Sport"]
    assert found("sport", limit=1)["company"] == ["Sport"]


@pytest.mark.parametrize("query", ["zolw", "0200", "5250007738", "zolw.pl", "4567", "надежда", "fleet"])
def test_a_stranger_and_a_teammate_find_nothing_the_head_and_the_owner_do(found, cast, clock, acme, nadia, query):
    deals.add(by=cast.manager, at=clock.now, title="Fleet renewal", company=acme, stage=make_stage())
    assert found(query, cast.stranger) == found(query, cast.teammate) == found(query, cast.admin) == {}
    assert found(query, cast.head) == found(query, cast.owner) == found(query, cast.manager) != {}


def test_a_shared_company_is_found_by_the_colleague(found, cast, clock, acme):
    shares.share(record=acme, with_=cast.stranger, by=cast.manager, at=clock.now)
    assert found("zolw", cast.stranger) == {"company": [acme.name]}


def test_deleted_records_are_not_found(found, cast, clock, acme):
    companies.delete(company=acme, by=cast.manager, at=clock.now)
    assert found("zolw") == {}


def test_the_statements_do_not_grow_with_what_is_found(found, cast, clock, acme):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            found("depot 0200", cast.head), found("1 0200", cast.head)
        return len(captured)

    few = cost()
    for number in range(20):
        companies.add(
            by=cast.manager, at=clock.now, name=f"Depot {number}", phone=f"60010{number:02}0200", overridden=True
        )
    assert cost() == few <= 2 + 2


ROWS = 20_000
WHO = "'manual', '', {by}, {by}"
FILL = """
INSERT INTO crm_company (source, external_id, created_by_id, changed_by_id, name, name_key, tax_number, tax_key, domain,
    domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note, completeness, validity, folded)
SELECT 'manual', '', {by}, {by}, 'Firm ' || i, md5(i::text), '', 'T' || i, '', 'firm' || i || '.pl', '', reverse((600000000 + i)::text),
    '', '', '', '', '', 'EUR', {by}, '', 0, 0, md5(i::text) || ' ' || md5((i * 7)::text) FROM generate_series(1, {rows}) i;
INSERT INTO crm_contact (source, external_id, created_by_id, changed_by_id, name, name_key, title, city, owner_id, note, folded)
SELECT 'manual', '', {by}, {by}, 'Person ' || i, md5(i::text), '', '', {by}, '', md5(i::text) || ' ' || md5((i * 7)::text)
    FROM generate_series(1, {rows}) i;
INSERT INTO crm_contactphone (contact_id, number, reversed, label, position)
SELECT id, '', reverse((700000000 + id)::text), '', 0 FROM crm_contact;
INSERT INTO crm_contactemail (contact_id, address, position) SELECT id, 'p' || id || '@firm.pl', 0 FROM crm_contact;
INSERT INTO crm_deal (source, external_id, created_by_id, changed_by_id, title, owner_id, stage_id, currency, status, competitor, note,
    folded) SELECT 'manual', '', {by}, {by}, 'Deal ' || i, {by}, {stage}, 'EUR', 'open', '', '', md5(i::text) || ' ' || md5((i * 7)::text)
    FROM generate_series(1, {rows}) i;
ANALYZE crm_company; ANALYZE crm_contact; ANALYZE crm_contactphone; ANALYZE crm_contactemail; ANALYZE crm_deal;
"""


def plans(captured):
    """The plans of the captured statements on the large tables."""
    with connection.cursor() as cursor:
        for query in captured:
            if '"crm_' in query["sql"] and query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN " + query["sql"])
                yield query["sql"], "\n".join(line for (line,) in cursor.fetchall())


def test_no_search_and_no_check_for_duplicates_reads_a_whole_table(cast, clock):
    """Names are told by their first letters: hexadecimal digests stand for many different words."""
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(by=cast.manager.pk, stage=make_stage().pk, rows=ROWS))
    assert (Company.objects.count(), Contact.objects.count(), Deal.objects.count()) == (ROWS, ROWS, ROWS)
    for user in (cast.manager, cast.head, cast.owner, cast.stranger):
        with CaptureQueriesContext(connection) as captured:
            for query in ("c4ca4", "c4ca4238 8f14e45f", "000077", "T777", "firm77.pl"):
                search.find(user, query)
            companies.alike(by=user, name="C4ca4238 Ltd", tax_number="T777", domain="firm77.pl", phone="+48600000077")
            contacts.alike(by=user, name="Person 7", phones=["700000777"], emails=["p7@firm.pl"])
        for sql, plan in plans(captured.captured_queries):
            large = [
                f"Seq Scan on crm_{table}" for table in ("company", "contact", "contactphone", "contactemail", "deal")
            ]
            assert not [scan for scan in large if scan + " " in plan or plan.endswith(scan)], f"{sql}\n{plan}"
