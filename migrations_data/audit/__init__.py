"""What was wrong in the old tables. A class of fault is one file in `faults`; a new one is made by copying its sibling and named here."""

from __future__ import annotations

from collections.abc import Mapping

from migrations_data.audit.fault import Fault, Weight
from migrations_data.audit.faults import (
    copies,
    dead_mails,
    dead_phones,
    fake_mails,
    fake_phones,
    filler_amounts,
    filler_names,
    late_close,
    lookalikes,
    no_activity,
    no_next_step,
    no_person,
    one_person,
    other_values,
    shared_mails,
    shared_phones,
    two_names,
    two_owners,
    two_stages,
    unreachable,
)

FAULTS: Mapping[str, Fault] = {
    one.FAULT.code: one.FAULT
    for one in (
        two_owners, two_names, two_stages, other_values, copies, lookalikes, filler_names, unreachable, no_person, one_person,
        fake_phones, dead_phones, shared_phones, fake_mails, dead_mails, shared_mails, no_next_step, no_activity, late_close, filler_amounts,
    )
}  # fmt: skip

__all__ = ["FAULTS", "Fault", "Weight"]
