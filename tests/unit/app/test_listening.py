import os

import pytest

from app.listening import find_listener, listen
from app.refusals import InvalidSettings, PortTaken


def test_port_zero_takes_a_free_one():
    with listen("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_a_port_in_use_is_told_with_the_program_that_holds_it():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            listen("127.0.0.1", port)
    assert f"Port {port}" in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)
    assert "JINGTU_PORT" in str(refusal.value)


def test_a_port_is_free_again_at_once_after_its_socket_is_closed():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    listen("127.0.0.1", port).close()
    assert find_listener(port) is None


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_refused_by_name(host):
    with pytest.raises(InvalidSettings, match="JINGTU_HOST"):
        listen(host, 0)


def test_an_ipv6_address_can_be_listened_on():
    if not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("this machine has no IPv6")
    with listen("::1", 0) as listener:
        assert find_listener(listener.getsockname()[1]) is not None
