"""The records behind a figure: as many, and of the same sum, as the screen says."""

from reports.behind.links import link

__all__ = ["link"]
