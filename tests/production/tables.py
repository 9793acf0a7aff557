"""Old tables made and imported inside the production form, by word of somebody outside.

`python -m tests.production.tables` reads one word a line and answers each with a line of JSON; see `WORDS`.
"""

import io
import json
import os
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import django

COMPANIES, ALIKE, PEOPLE, DEALS = 2_500, 20, 1_500, 4_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    """Do what each line says until there are no more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for line in sys.stdin:
        word, *number = line.split()
        print(json.dumps(WORDS[word](*map(int, number))), flush=True)


def make() -> dict[str, Any]:
    """Read two imports: a big one, and a small one that will have to wait."""
    from migrations_data.services import work

    random = Random(20_261)
    big = _read(
        {"companies.csv": _companies(random), "contacts.csv": _contacts(random), "deals.csv": _deals(random)}, "big"
    )
    small = _read({"products.csv": "product,sales_price\nSmall One,5\nSmall Two,7\n"}, "small")
    return {"big": big, "small": small, "amount": sum(map(_amount, range(DEALS))), "lock": work.ONE_AT_A_TIME}


def _word(random: Random) -> str:
    return "".join(random.choices(LETTERS, k=random.randint(7, 12))).capitalize()


def _companies(random: Random) -> str:
    names = [f"{_word(random)} {_word(random)}" for _n in range(COMPANIES)]
    lines = [f"K{n},{name},Leeds" for n, name in enumerate(names)]
    lines += [f"A{n},{name},Leeds" for n, name in enumerate(names[:ALIKE])]  # who is who is for a person to say
    return "\n".join(["id,company,city", *lines])


def _contacts(random: Random) -> str:
    lines = (
        f"P{n},{_word(random)} {_word(random)},K{ALIKE + n % (COMPANIES - ALIKE)},{_word(random).lower()}{n}@mail.example"
        for n in range(PEOPLE)
    )
    return "\n".join(["id,name,company,email", *lines])


def _deals(random: Random) -> str:
    stages = ("Won", "Demo", "Lost", "Offer")
    lines = (
        f"D{n},{_word(random)},K{ALIKE + n % (COMPANIES - ALIKE)},{stages[n % 4]},{_amount(n)}" for n in range(DEALS)
    )
    return "\n".join(["opportunity_id,title,account,deal_stage,close_value", *lines])


def _amount(n: int) -> int:
    return n * 7 % 997


def _read(files: dict[str, str], origin: str) -> int:
    from django.core.files import File
    from django.utils import timezone

    from accounts.models import User
    from migrations_data.services import imports, matches, work

    by, now = User.objects.get(email="coordinator@smoke.example"), timezone.now()
    uploads = [File(io.BytesIO(text.encode()), name=name) for name, text in files.items()]
    made = imports.upload(by=by, at=now, uploads=uploads, origin=origin, background=False)
    made = work.carry_on(import_id=made.pk, at=now)
    assert made.status == "read", (made.status, made.error)
    matches.collect(made)
    return int(made.pk)


def ask(what: str) -> Callable[[int], dict[str, Any]]:
    """A word that asks for a preview, a run or an undo."""

    def asked(number: int) -> dict[str, Any]:
        from django.utils import timezone

        from migrations_data.models import Import
        from migrations_data.services import imports, undo

        of = Import.objects.select_related("created_by").get(pk=number)
        service = undo.ask if what == "undo" else getattr(imports, what)
        return {"status": service(of=of, by=of.created_by, at=timezone.now(), background=False).status}

    return asked


def nudge() -> dict[str, Any]:
    """What the timetable does twice a minute."""
    from migrations_data import tasks

    tasks.look_again.delay()
    return {}


def figures(number: int) -> dict[str, Any]:
    """How an import stands, and what is in Daybook of it."""
    from django.db.models import Count, Sum

    from crm.models import Company, Contact, Deal
    from migrations_data.models import Import, ImportQuestion, ImportSheet

    of = Import.objects.get(pk=number)
    sheets = ImportSheet.objects.filter(file__of_import=of)
    live = {
        model._meta.model_name: model._base_manager.filter(source="import", deleted_at=None)
        for model in (Company, Contact, Deal)
    }
    names = live["company"].values("name").annotate(n=Count("pk")).filter(n__gt=1)
    return {
        "status": of.status,
        **{name: rows.count() for name, rows in live.items()},
        "amount": (live["deal"].aggregate(total=Sum("amount_minor"))["total"] or 0) // 100,
        "doubled": names.count(),
        "created": sum(sheet.created for sheet in sheets),
        "asked": sum(sheet.asked for sheet in sheets),
        "questions": ImportQuestion.objects.filter(of_import=of, answer="").count(),
        "add_up": all(sheet.adds_up for sheet in sheets),
    }


WORDS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": make, "preview": ask("preview"), "run": ask("run"), "undo": ask("undo"), "nudge": nudge, "figures": figures,
}  # fmt: skip


if __name__ == "__main__":
    main()
