"""The owner's screen: one question a block, in the order in which an owner asks."""

from reports.company.screen import Screen, address, read

__all__ = ["Screen", "address", "read"]
