"""The languages that are understood, all at once."""

from crm.spoken import en, es, pl, ru
from crm.spoken.words import Lexicon

LEXICON = Lexicon(en.WORDS, pl.WORDS, ru.WORDS, es.WORDS)
