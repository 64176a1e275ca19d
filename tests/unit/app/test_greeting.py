import json
import subprocess

import pytest

from app.greeting import base_url, example_request, greeting
from app.settings import Settings


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("registry.example", "http://registry.example:8000"),
    ],
)
def test_the_url_is_one_this_machine_can_open(host, url):
    assert base_url(host, 8000) == url


def test_the_printed_line_takes_the_key_from_the_file(tmp_path):
    keys = tmp_path / "it's the demo-keys.json"
    keys.write_text(json.dumps({"planner": "jt_a-B_9", "planner_other": "x"}, indent=2))
    line = example_request("http://127.0.0.1:8000", str(keys))
    told = line.replace("curl", "printf '%s\\n'", 1)
    words = subprocess.check_output(["sh", "-c", told], text=True).splitlines()
    assert "Authorization: Bearer jt_a-B_9" in words


def test_the_key_itself_is_never_printed(tmp_path):
    settings = Settings(data_dir=tmp_path)
    settings.demo_keys_file.write_text(json.dumps({"planner": "jt_secret"}))
    text = greeting(settings, "127.0.0.1", 8000)
    assert "jt_secret" not in text
    assert f"Demonstration keys:   {settings.demo_keys_file}" in text


def test_without_demonstration_keys_none_are_promised(tmp_path):
    text = greeting(Settings(data_dir=tmp_path), "127.0.0.1", 8000)
    assert "http://127.0.0.1:8000" in text
    assert "curl" not in text
