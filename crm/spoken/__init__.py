"""A line of text as people say it ("call Kowalska 10m agreed, offer tomorrow 15:00"), read into the fields of the quick log.

`reading.read` is the one parser, each language a file of words. All languages are understood at once.
"""
