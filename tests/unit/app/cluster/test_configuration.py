from pathlib import Path

import pytest

from app.cluster.configuration import ACCESS_RULES, server_settings, shared_buffers_mb


def read(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return dict(line.split(" = ", 1) for line in lines)


@pytest.mark.parametrize(
    ("memory_mb", "expected_mb"),
    [(256, 64), (512, 64), (520, 65), (4096, 512), (8192, 1024), (65536, 1024)],
)
def test_page_cache_is_an_eighth_of_the_memory_within_limits(memory_mb, expected_mb):
    assert shared_buffers_mb(memory_mb) == expected_mb


def test_the_server_opens_no_network_port():
    settings = read(server_settings("jingtu-1", Path("/run/x"), 4096))
    assert settings["listen_addresses"] == "''"
    assert settings["unix_socket_directories"] == "'/run/x'"
    assert settings["unix_socket_permissions"] == "0700"


def test_what_is_acknowledged_is_on_disk():
    settings = read(server_settings("jingtu-1", Path("/run/x"), 4096))
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert settings[name] == "on"


def test_no_role_is_trusted():
    rules = [line for line in ACCESS_RULES.splitlines() if not line.startswith("#")]
    assert [rule.split()[-1] for rule in rules] == ["scram-sha-256"]


def test_just_in_time_compilation_is_off():
    assert read(server_settings("jingtu-1", Path("/run/x"), 4096))["jit"] == "off"
