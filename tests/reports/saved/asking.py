"""Questions that the tests of saved reports ask."""

WON = {"source": "deals"}
