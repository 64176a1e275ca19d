"""The mark of the form that certificates are printed in."""

import re
from pathlib import Path

import pytest

from app.pages.i18n import LANGUAGES, read_catalogue
from screening import certificate
from screening.certificate.form import WORDS, describe_form

TEXTS = {language: dict(read_catalogue(language)) for language in LANGUAGES}
FOLDER = Path(certificate.__file__).parent
_KEY = re.compile(r"""["']([a-z_]+)\.[a-z_.{]""")


def with_word(language, key):
    return TEXTS | {language: TEXTS[language] | {key: "other"}}


def test_the_mark_is_the_same_every_time():
    assert describe_form(TEXTS) == describe_form(TEXTS)
    assert re.fullmatch("[0-9a-f]{12}", describe_form(TEXTS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key", ["certificate.label.title", "theme.plot", "status.clear"]
)
def test_another_word_on_a_certificate_is_another_form(language, key):
    assert describe_form(with_word(language, key)) != describe_form(TEXTS)


def test_a_word_of_other_pages_leaves_the_form_as_it_is():
    assert describe_form(with_word("zh", "verify.title")) == describe_form(TEXTS)


@pytest.mark.parametrize("name", ["certificate.typ", "paper.typ", "page.py"])
def test_another_template_or_source_is_another_form(monkeypatch, tmp_path, name):
    before = describe_form(TEXTS)
    for file in FOLDER.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr("screening.certificate.form._FOLDER", tmp_path)
    assert describe_form(TEXTS) == before
    changed = tmp_path / name
    changed.write_text(changed.read_text("utf-8") + "\n", "utf-8")
    assert describe_form(TEXTS) != before


def test_every_group_of_words_that_a_certificate_names_is_in_its_form():
    # The words of extracts alone: their target and their own labels.
    groups = {text.split(".")[0] for text in TEXTS["zh"]} - {"target"}
    named = {
        group
        for file in FOLDER.glob("*.py")
        for group in _KEY.findall(file.read_text("utf-8"))
    }
    assert named & groups <= WORDS
