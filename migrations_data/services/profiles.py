"""What is remembered of files, so that the next one of a kind is read as the last one was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import Decision, Import, ImportMatch, ImportProfile, ImportSheet
from migrations_data.understanding import own
from migrations_data.understanding.guessing import NEW
from migrations_data.understanding.tables import header_words

KEPT = ("field", "dates", "unit", "policy", "country", "currency")
"""What is kept of a column."""
LONGEST = 100


class NoSuchProfile(Refused):
    code = "no_such_profile"
    message = _("No profile is called so. Leave it out, or write its name as it was remembered.")


@transaction.atomic
def remember(*, of: Import, name: str, by: User, at: datetime) -> ImportProfile:
    """Keep under a name how the sheets of an import are read and what their words mean; what was kept under it before is replaced."""
    ensure(by, Permission.IMPORT_RUN, of)
    made, _new = ImportProfile.objects.update_or_create(
        name=" ".join(name.split())[:LONGEST],
        defaults={"sheets": [_kept(sheet) for sheet in _sheets(of)], "changed_at": at},
        create_defaults={
            "sheets": [_kept(sheet) for sheet in _sheets(of)],
            "changed_at": at,
            "created_by": by,
        },
    )
    Import.objects.filter(pk=of.pk).update(profile=made)
    of.profile = made
    learn(of)
    return made


def learn(of: Import) -> None:
    """Keep what the words of an import mean with the profile that it is read by; without one nothing happens."""
    if of.profile_id is None:
        return
    profile = ImportProfile.objects.select_for_update().get(pk=of.profile_id)
    for match in ImportMatch.objects.filter(of_import=of).exclude(decision=Decision.UNDECIDED):
        profile.matches.setdefault(match.what, {})[match.text] = [match.decision, match.target_id]
    profile.save(update_fields=["matches"])


def find(of: Import) -> ImportProfile | None:
    """The profile that knows the headers of most of an import's sheets, the latest among equals; None when none knows any."""
    heads = [headers_of(sheet.columns) for sheet in _sheets(of)]
    best: tuple[int, ImportProfile] | None = None
    for profile in ImportProfile.objects.order_by("-changed_at"):
        known = [kept["headers"] for kept in profile.sheets if kept["kind"]]
        hits = sum(head in known for head in heads if head)
        if hits and (best is None or hits > best[0]):
            best = (hits, profile)
    return best[1] if best else None


def named(name: str) -> ImportProfile:
    """The profile of that name. Raises NoSuchProfile."""
    profile = ImportProfile.objects.filter(name__iexact=" ".join(name.split())).first()
    if profile is None:
        raise NoSuchProfile
    return profile


@transaction.atomic
def apply(*, of: Import, profile: ImportProfile) -> int:
    """Read the sheets of an import as a profile says; how many it knew. Columns that it does not know stay as they were guessed."""
    known = {tuple(kept["headers"]): kept for kept in profile.sheets}
    hits = 0
    for sheet in _sheets(of):
        kept = known.get(tuple(headers_of(sheet.columns)))
        if kept is None:
            continue
        hits += 1
        _read_as(sheet, kept)
    if hits:
        Import.objects.filter(pk=of.pk).update(profile=profile)
        of.profile = profile
    return hits


def recall(of: Import) -> None:
    """Read an import by itself as the last one of its kind was."""
    profile = find(of)
    if profile is not None:
        apply(of=of, profile=profile)


def headers_of(columns: Sequence[dict[str, Any]]) -> list[str]:
    """The folded headers of a sheet, by which it is known again."""
    return [header_words(column["name"]) for column in columns if column["index"] >= 0]


def _sheets(of: Import) -> list[ImportSheet]:
    return list(ImportSheet.objects.filter(file__of_import=of).select_related("file").order_by("pk"))


def _kept(sheet: ImportSheet) -> dict[str, Any]:
    columns = {_name(column): {name: column[name] for name in KEPT} for column in sheet.columns}
    return {"headers": headers_of(sheet.columns), "kind": sheet.kind, "columns": columns}


def _name(column: dict[str, Any]) -> str:
    """What a column is kept under: its folded header, or the number of one that no cell fills."""
    return header_words(column["name"]) if column["index"] >= 0 else str(column["index"])


def _read_as(sheet: ImportSheet, kept: dict[str, Any]) -> None:
    sheet.kind, sheet.confidence = kept["kind"], 1.0
    fields = own.kind_of(sheet.kind).fields if sheet.kind else {}
    for column in sheet.columns:
        said = kept["columns"].get(_name(column))
        if said is None:
            continue
        dates = {"dates": column["dates"]} if column["sure"] and column["dates"] else {}
        column |= said | dates | {"confidence": 1.0}
        if column["field"] not in (*fields, NEW):
            column |= {"field": "", "confidence": 0}
    aside = sheet.rows.exclude(part="").filter(part__in=("total", "note")).count()
    sheet.left_out = aside if sheet.kind else sheet.rows_in
    sheet.save(update_fields=["kind", "confidence", "columns", "left_out"])
