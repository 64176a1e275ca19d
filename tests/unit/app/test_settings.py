import shutil
from datetime import date
from pathlib import Path

import pytest

from app.own_rule_sets import find_rule_sets
from app.refusals import InvalidSettings
from app.settings import OF_OTHERS, Settings, read_settings
from screening.rule_sets.loader import FOLDER


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for field in Settings.model_fields:
        monkeypatch.delenv(f"JINGTU_{field.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_serve_on_this_machine_only_from_the_working_directory(tmp_path):
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == tmp_path / ".jingtu"
    assert settings.has_own_cluster


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("JINGTU_DATABASE_URL", "")
    monkeypatch.setenv("JINGTU_PORT", "")
    assert read_settings().has_own_cluster
    assert read_settings().port == 8000


def test_a_relative_data_directory_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.setenv("JINGTU_DATA_DIR", "here/there")
    assert read_settings().data_dir == tmp_path / "here" / "there"


def test_the_home_sign_in_the_data_directory_is_understood(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("JINGTU_DATA_DIR", "~/register")
    assert read_settings().data_dir == Path("/home/somebody/register")


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_an_impossible_port_is_refused_by_name(monkeypatch, port):
    monkeypatch.setenv("JINGTU_PORT", port)
    with pytest.raises(InvalidSettings, match="^JINGTU_PORT: "):
        read_settings()


def test_every_wrong_setting_is_named_at_once(monkeypatch):
    monkeypatch.setenv("JINGTU_PORT", "x")
    monkeypatch.setenv("JINGTU_WORKERS", "0")
    with pytest.raises(InvalidSettings) as refusal:
        read_settings()
    assert "JINGTU_PORT" in str(refusal.value)
    assert "JINGTU_WORKERS" in str(refusal.value)


def test_the_database_password_does_not_show_in_print(monkeypatch):
    monkeypatch.setenv("JINGTU_DATABASE_URL", "postgresql://u:secret-word@db/jingtu")
    assert "secret-word" not in repr(read_settings())


def test_every_setting_is_described():
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no docstring"


@pytest.mark.parametrize(
    "issuer", ["http://id.example.gov.cn", "id.example.gov.cn", "https://u:p@id.cn"]
)
def test_a_provider_over_an_open_line_is_refused(monkeypatch, issuer):
    monkeypatch.setenv("JINGTU_OIDC_ISSUER", issuer)
    monkeypatch.setenv("JINGTU_OIDC_AUDIENCE", "jingtu")
    with pytest.raises(InvalidSettings, match="^JINGTU_OIDC_ISSUER: "):
        read_settings()


@pytest.mark.parametrize("name", ["ISSUER", "AUDIENCE"])
def test_issuer_and_audience_go_together(monkeypatch, name):
    monkeypatch.setenv(f"JINGTU_OIDC_{name}", "https://id.example.gov.cn")
    with pytest.raises(InvalidSettings, match="go together"):
        read_settings()


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("JINGTU_SECURE_COOKIE", "JINGTU_SECURE_COOKIES"), ("JINGTU_DATADIR", "DATA_DIR")],
)
def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(
    monkeypatch, wrong, meant
):
    monkeypatch.setenv(wrong, "hidden-word")
    with pytest.raises(InvalidSettings, match=f"^{wrong}: .*{meant}") as refusal:
        read_settings()
    assert "hidden-word" not in str(refusal.value)


PLATFORM = ("JINGTU_SERVICE_HOST", "JINGTU_SERVICE_PORT", "JINGTU_PORT_8000_TCP")


@pytest.mark.parametrize("name", [*sorted(OF_OTHERS), *PLATFORM])
def test_variables_of_scripts_and_platforms_are_no_fault(monkeypatch, name):
    monkeypatch.setenv(name, "x")
    assert read_settings().port == 8000


def test_variables_of_scripts_are_read_somewhere():
    top = Path(__file__).parents[3]
    texts = [
        file.read_text("utf-8")
        for folder in ("scripts", "app")
        for file in (top / folder).glob("*")
        if file.is_file() and file.name != "settings.py"
    ]
    texts.append((top / "compose.yaml").read_text("utf-8"))
    assert not [name for name in OF_OTHERS if not any(name in one for one in texts)]


def test_an_office_judges_by_its_own_rule_sets(monkeypatch, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(FOLDER, own, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    national = own / "national.toml"
    text = national.read_text("utf-8").replace(
        'id = "buf_plot_m"\nvalue = 100.0', 'id = "buf_plot_m"\nvalue = 150.0'
    )
    national.write_text(text, "utf-8")
    monkeypatch.setenv("JINGTU_RULE_SETS", str(own))
    day = date(2026, 6, 1)

    def buffer_m(settings):
        found = find_rule_sets(settings).find(["999901"]).at(day)
        return found.parameters.buf_plot_m

    assert buffer_m(read_settings()) == 150.0
    monkeypatch.delenv("JINGTU_RULE_SETS")
    assert buffer_m(read_settings()) == 100.0


@pytest.mark.parametrize("files", [{}, {"industry_lists.toml": "x = ["}])
def test_rule_sets_that_cannot_be_used_are_told_by_the_setting(
    monkeypatch, tmp_path, files
):
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.setenv("JINGTU_RULE_SETS", str(tmp_path))
    with pytest.raises(InvalidSettings, match="JINGTU_RULE_SETS"):
        find_rule_sets(read_settings())


def test_a_folder_without_a_national_rule_set_is_refused(monkeypatch, tmp_path):
    shutil.copy(FOLDER / "industry_lists.toml", tmp_path)
    monkeypatch.setenv("JINGTU_RULE_SETS", str(tmp_path))
    with pytest.raises(InvalidSettings, match="no rule set covers"):
        find_rule_sets(read_settings())
