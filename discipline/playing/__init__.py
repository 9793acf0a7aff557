"""Plays written days with known scores on a database of their own, through the same services as the browser.

A story says who works where, what happened when, and which points the scoring model gives for it (docs/scenarios.md has the
form). `story` reads it, `stage` makes the database and its clock, `setting` puts the people in, `deeds` are what they do,
`player` lets time pass and closes the days, `verdict` compares.
"""
