"""Who is who: which rows are records that are there already, by themselves or because somebody says so."""

from migrations_data.matching.asking import Question, answers, ask

__all__ = ["Question", "answers", "ask"]
