"""Corrections that the program proposes by itself, when something becomes known after a day was closed.

One file a cause: it finds the cards whose day would have come out differently, with the records behind it. `replay` judges these days
again, cause after cause, and `run` proposes what is not proposed yet. Nothing is posted here: whoever leads the person decides.
"""

from discipline.proposals.run import run

__all__ = ["run"]
