"""Reports without code: a `Definition` says what somebody wants to know, `answer` gives it for what he may see."""

from reports.builder.answers import Answer, answer
from reports.builder.cells import Cell, Path, Place
from reports.builder.definition import SHOWS, SORTS, Definition, DefinitionWrong, Period
from reports.builder.parts import Date, Dimension, Figure, Holds, How, Source
from reports.builder.periods import COMPARISONS, KINDS
from reports.builder.pictures import chart, sentence
from reports.builder.question import Question
from reports.builder.records import Behind, behind
from reports.builder.sheets import tables
from reports.builder.sources import SOURCES
from reports.builder.trees import Header

__all__ = [
    "COMPARISONS", "KINDS", "SHOWS", "SORTS", "SOURCES", "Answer", "Behind", "Cell", "Date", "Definition", "DefinitionWrong", "Dimension",
    "Figure", "Header", "Holds", "How", "Path", "Period", "Place", "Question", "Source", "answer", "behind", "chart",
    "sentence", "tables",
]  # fmt: skip
