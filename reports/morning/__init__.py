"""The head's morning: where somebody needs him, what waits for his decision, what the stand-up is about."""

from reports.morning.page import Morning

__all__ = ["Morning"]
