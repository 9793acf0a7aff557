"""The catalogues: whole enough to be used, and no translation loses or invents a placeholder."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

CATALOGUES = sorted(Path(settings.BASE_DIR, "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TRANSLATED = 0.97


def entries(path):
    with path.open("rb") as text:
        return [message for message in read_po(text) if message.id]


def forms(words):
    return [words] if isinstance(words, str) else list(words)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_nearly_everything_is_translated(path):
    messages = entries(path)
    done = [message for message in messages if not message.fuzzy and all(forms(message.string))]
    assert len(done) >= TRANSLATED * len(messages), [m.id for m in messages if m not in done]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_placeholders_are_those_of_the_source(path):
    for message in entries(path):
        wanted = {name for text in forms(message.id) for name in PLACEHOLDER.findall(text)}
        for text in filter(None, forms(message.string)):
            assert set(PLACEHOLDER.findall(text)) <= wanted, message.id


def test_every_offered_language_has_its_catalogue():
    assert {path.parts[-3] for path in CATALOGUES} == {code for code, _name in settings.LANGUAGES} - {"en"}
