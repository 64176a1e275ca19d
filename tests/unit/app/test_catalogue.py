"""The translation catalogue: no text missing, none left over, the same in zh and en."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from app.pages.i18n import LANGUAGES, choose_language, read_catalogue, translate
from app.schemas.plot_next_steps import DETAIL_KINDS
from app.schemas.uploads import Severity, State
from app.security.principals import ROLES
from parcels.plots.occurrence import Details
from parcels.register import layers
from parcels.surveys.checking import WHOLE_CHECKS
from parcels.surveys.checks.repairs import REPAIRS
from parcels.surveys.differences import Fate
from parcels.surveys.issue_text import REPAIR_OFFERS
from parcels.surveys.issue_texts import TEXTS
from parcels.surveys.progress import Step
from screening.distance_rules import DISTANCE_RULES
from screening.parameters import PARAMETER_IDS, Switch
from screening.request_fields import FIELDS
from screening.runs.kinds import KINDS
from screening.themes import THEMES
from screening.vocabulary import Outcome, Transaction

DETAIL_VALUES = sorted(
    {
        option
        for one in DETAIL_KINDS.values()
        if one["kind"] in ("choice", "choices") and not one["option_titles"]
        for option in one["options"]
    }
)
PAGES = Path(__file__).parents[3] / "app" / "pages"
FRONTEND = Path(__file__).parents[3] / "app" / "frontend" / "src"
CERTIFICATE = Path(__file__).parents[3] / "screening" / "certificate"
ZH, EN = (read_catalogue(language) for language in LANGUAGES)

# t("key", …) in scripts and templates; a key put together from parts is written
# 'query.step_' ~ number ~ '_text' and stands here as the pattern query.step_*_text.
_KEY = re.compile(r"""["']([a-z_]+\.[a-z0-9_.]+)["']""")
_JOINED = re.compile(r"""t\(\s*'([a-z_.]+)'\s*~\s*\w+(?:\s*~\s*'([a-z_.]+)')?\s*\)""")
_TERM = re.compile(r"""\b(?:term|chip|word)\(\s*["']([a-z_]+)["']""")
_PREFIX_IN_PYTHON = re.compile(r"""f"([a-z_]+\.[a-z_.]+\.)\{""")
_LABEL = re.compile(r"""\blabels?\.([a-z_]+)""")
_DOCUMENTS = ("certificate", "extract")
_GROUP_IN_PYTHON = re.compile(r"""f"([a-z_]+)\.\{""")


def _sources() -> Iterator[tuple[Path, str]]:
    for folder, pattern in (
        (PAGES, "*.html"),
        (PAGES, "*.py"),
        (FRONTEND, "*.ts"),
        (CERTIFICATE, "*.py"),
        (CERTIFICATE, "*.typ"),
    ):
        for path in folder.rglob(pattern):
            yield path, path.read_text(encoding="utf-8")


def _term_groups() -> set[str]:
    folder = PAGES / "catalogue" / "zh"
    groups = {"use"}
    for name in ("terms", "survey", "issues", "plot_terms"):
        named = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        groups |= {key.split(".")[0] for key in named}
    return groups


def _used_keys() -> set[str]:
    used: set[str] = set()
    for path, text in _sources():
        used |= {key for key in _KEY.findall(text) if key in ZH}
        for head, tail in _JOINED.findall(text):
            pattern = re.compile(rf"{re.escape(head)}[a-z0-9_]+{re.escape(tail)}")
            used |= {key for key in ZH if pattern.fullmatch(key)}
        starts = tuple(_PREFIX_IN_PYTHON.findall(text))
        used |= {key for key in ZH if key.startswith(starts)} if starts else set()
        if path.suffix == ".typ":
            # What is on the paper of all is on each of them.
            documents = _DOCUMENTS if path.stem == "paper" else (path.stem,)
            used |= {
                f"{document}.label.{name}"
                for document in documents
                for name in _LABEL.findall(text)
            }
    return used


def _used_groups() -> set[str]:
    return {
        group
        for _, text in _sources()
        for group in _TERM.findall(text) + _GROUP_IN_PYTHON.findall(text)
    }


def _column_groups() -> set[str]:
    """Return the groups of coded values that columns of screening runs name.

    Divisions are named by the register.
    """
    columns = [column for kind in KINDS.values() for column in kind.columns]
    return {column.words for column in columns if column.words} - {"division"}


def test_every_text_exists_in_both_languages():
    assert ZH.keys() == EN.keys()


def test_no_text_is_empty():
    # Chinese sentences follow each other without a space.
    empty = {key for key in ZH if not (ZH[key].strip() and EN[key].strip())}
    assert empty == {"format.sentence_gap"}


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_places():
    differing = {key for key in ZH if _places(ZH[key]) != _places(EN[key])}
    assert differing == set()


def test_chinese_texts_have_full_width_punctuation():
    chinese = "[\u3001-\u3011\u4e00-\u9fff]"
    half_width = re.compile(f"{chinese}[,;:?!()]|[,;:?!()]{chinese}")
    assert {key for key, text in ZH.items() if half_width.search(text)} == set()


def test_every_key_named_by_a_template_exists():
    for path, text in _sources():
        if path.suffix == ".html":
            named = set(re.findall(r"""\bt\(\s*'([a-z_.0-9]+)'\s*\)""", text))
            assert named <= ZH.keys(), path.name


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_label_of_a_document_exists(document):
    named = {
        f"{document}.label.{name}"
        for template in (document, "paper")
        for name in _LABEL.findall((CERTIFICATE / f"{template}.typ").read_text("utf-8"))
    }
    assert len(named) > 20 and named <= ZH.keys()


def test_every_term_group_asked_for_exists():
    assert _used_groups() <= _term_groups()


def test_every_group_that_a_column_names_exists():
    assert _column_groups() <= {key.split(".")[0] for key in ZH}


def test_no_text_is_left_over():
    groups = _used_groups() | _column_groups()
    left_over = {
        key for key in ZH if key.split(".")[0] not in groups and key not in _used_keys()
    }
    assert left_over == set()


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("theme", [spec.theme for spec in THEMES]),
        ("category", layers.PLOT_STAGES),
        ("category", layers.FARMLAND_CATEGORIES),
        ("category", layers.ZONE_LEVELS),
        ("category", layers.FACILITY_KINDS),
        ("category", layers.RECEPTOR_KINDS),
        ("category", layers.ENTERPRISE.attribute("status").values),
        ("category", layers.FACILITY.attribute("status").values),
        ("category", layers.WATER_SOURCE.attribute("status").values),
        ("scheme", layers.LAND_USE_SCHEMES),
        ("plot_list", layers.PLOT_LISTS),
        ("plot_field", layers.PUBLISHABLE),
        ("plot_value", DETAIL_VALUES),
        ("document_type", layers.PLOT_DOCUMENT.attribute("document_type").values),
        ("outcome", [outcome.value for outcome in Outcome]),
        ("outcome_means", [outcome.value for outcome in Outcome]),
        ("transaction", [transaction.value for transaction in Transaction]),
        ("role", ROLES),
        ("parameter", PARAMETER_IDS),
        ("ring_rule", [rule.key for rule in DISTANCE_RULES]),
        ("parameter_value", get_args(Switch)),
        ("target", [rule.target for rule in DISTANCE_RULES]),
        ("action", [rule.action for rule in DISTANCE_RULES]),
        ("upload_state", get_args(State)),
        ("fate", get_args(Fate)),
        ("severity", get_args(Severity)),
        ("repair", REPAIRS),
        ("step", get_args(Step)),
        ("check_of_file", [name for name, _ in WHOLE_CHECKS]),
        ("issue", TEXTS),
        ("choice", [code for field in FIELDS.values() for code in field.allowed]),
    ],
)
def test_every_code_of_the_register_has_a_word(group, codes):
    assert {f"{group}.{code}" for code in codes} <= ZH.keys()


def test_a_key_without_text_is_an_error():
    with pytest.raises(KeyError):
        translate("zh", "no.such_key")


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [
        (None, None, None, "zh"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, "zh", "en", "zh"),
        ("en", "zh", "zh", "en"),
        ("fr", None, "fr", "zh"),
        (None, None, "en;q=0, zh", "zh"),
        (None, None, "en;q=x", "zh"),
    ],
)
def test_language_is_asked_then_remembered_then_accepted(
    asked, remembered, accepted, expected
):
    assert choose_language(asked, remembered, accepted) == expected


@pytest.mark.parametrize("repair", REPAIRS)
def test_a_report_offers_a_repair_as_the_page_calls_it(repair):
    zh, en = REPAIR_OFFERS[repair]
    assert f"“{ZH[f'repair.{repair}']}”（{repair}）" in zh
    assert f"“{EN[f'repair.{repair}']}” ({repair})" in en


@pytest.mark.parametrize("name", DETAIL_KINDS)
def test_a_field_of_a_step_is_named_in_words_of_both_languages(name):
    words = Details.__dataclass_fields__[name].metadata["words"]
    assert re.search("[一-鿿]", words.zh)
    assert not re.search("[一-鿿]", words.en)
    assert "scheme:code" not in words.zh + words.en


def test_our_register_has_one_name_in_chinese():
    other_names = re.compile("登记[簿册]")
    assert {key for key, text in ZH.items() if other_names.search(text)} == set()
    root = Path(__file__).parents[3]
    files = [
        path
        for package in ("app", "parcels", "screening")
        for path in (root / package).rglob("*.py")
    ]
    assert [str(x) for x in files if other_names.search(x.read_text("utf-8"))] == []
