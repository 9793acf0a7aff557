"""The figures of the screens, by key. A new one is a new file beside its siblings, named here."""

from reports.figures import deals_open, overdue, won
from reports.figures.base import Figure, Holds, Noun, Part

FIGURES: dict[str, Figure] = {one.FIGURE.key: one.FIGURE for one in (deals_open, overdue, won)}

__all__ = ["FIGURES", "Figure", "Holds", "Noun", "Part"]
