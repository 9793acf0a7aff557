"""Making two clients one: who may be the same, what goes over, and which record stands for one that was merged."""

from crm.merging.following import followed, seen_survivor, survivor_of, survivors_of

__all__ = ["followed", "seen_survivor", "survivor_of", "survivors_of"]
