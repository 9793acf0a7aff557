"""The figures of the screens, by key. A new one is a new file beside its siblings, named here."""

from reports.figures import (
    complaints_new,
    complaints_open,
    deals_bare,
    deals_cold,
    deals_due,
    deals_late,
    deals_open,
    entered,
    entered_stage,
    falling,
    first_buyers,
    known_to_one,
    liability,
    lost,
    lost_here,
    lost_product,
    lost_to,
    moved_on,
    overdue,
    plan,
    quality,
    repeat_buyers,
    stage_days,
    talks,
    unreviewed,
    unsigned,
    won,
)
from reports.figures.base import Figure, Holds, Noun, Part

FIGURES: dict[str, Figure] = {
    one.FIGURE.key: one.FIGURE
    for one in (
        deals_open,
        deals_late,
        deals_bare,
        deals_cold,
        deals_due,
        won,
        lost,
        lost_to,
        lost_product,
        plan,
        overdue,
        talks,
        entered,
        complaints_open,
        complaints_new,
        repeat_buyers,
        first_buyers,
        falling,
        quality,
        known_to_one,
        entered_stage,
        moved_on,
        lost_here,
        stage_days,
        liability,
        unsigned,
        unreviewed,
    )
}

__all__ = ["FIGURES", "Figure", "Holds", "Noun", "Part"]
