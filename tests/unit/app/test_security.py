"""Keys, tokens and limits that need no database."""

import pytest

from app.request_errors import TooManySignIns
from app.security.keys import digest, is_key, make_key
from app.security.session import derive_csrf_token
from app.security.sign_in_limit import FAILURES_ALLOWED, WINDOW_S, SignInLimit


def test_a_key_is_long_prefixed_and_new_each_time():
    first, second = make_key(), make_key()
    assert first.startswith("jt_") and first != second
    # 43 characters of 6 bits hold 256 random bits.
    assert len(first) == len("jt_") + 43 + 8


def test_a_key_knows_its_own_form():
    assert is_key(make_key())


@pytest.mark.parametrize("place", [0, 5, 45, -1])
def test_a_mistyped_key_is_no_key(place):
    key = list(make_key())
    key[place] = "A" if key[place] != "A" else "B"
    assert not is_key("".join(key))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jt_",
        pytest.param(make_key() + "\n", id="a line too much"),
        pytest.param(make_key()[:-1], id="a character too few"),
        "密钥",
    ],
)
def test_what_is_no_key_is_told_without_asking(text):
    assert not is_key(text)


def test_the_digest_is_sha_256():
    assert digest("").hex().startswith("e3b0c44298fc1c14")


def test_a_csrf_token_belongs_to_one_session_and_does_not_tell_it():
    one, other = derive_csrf_token("a" * 43), derive_csrf_token("b" * 43)
    assert one != other and "a" * 43 not in one and len(one) == 64


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limit(clock):
    return SignInLimit(clock)


def fail(limit, times, address="192.0.2.1"):
    for _ in range(times):
        limit.count_attempt(address)


def test_attempts_up_to_the_limit_are_let_through(limit):
    fail(limit, FAILURES_ALLOWED)
    with pytest.raises(TooManySignIns):
        fail(limit, 1)


def test_another_address_is_not_held_up(limit):
    fail(limit, FAILURES_ALLOWED)
    fail(limit, 1, "192.0.2.2")


def test_a_window_later_attempts_are_let_through_again(limit, clock):
    fail(limit, FAILURES_ALLOWED)
    clock.now += WINDOW_S - 0.5
    with pytest.raises(TooManySignIns) as refusal:
        fail(limit, 1)
    assert refusal.value.retry_after_s == 1
    clock.now += 0.5
    fail(limit, 1)


def test_success_forgets_earlier_failures(limit):
    fail(limit, FAILURES_ALLOWED)
    limit.forget("192.0.2.1")
    fail(limit, FAILURES_ALLOWED)


def test_a_network_of_ipv6_counts_as_one(limit):
    for host in range(FAILURES_ALLOWED):
        limit.count_attempt(f"2001:db8::{host + 1}")
    with pytest.raises(TooManySignIns):
        limit.count_attempt("2001:db8::ffff")


def test_memory_of_addresses_is_bounded(limit, monkeypatch):
    monkeypatch.setattr("app.security.sign_in_limit._MOST_ADDRESSES", 5)
    for host in range(20):
        limit.count_attempt(f"192.0.2.{host}")
    assert len(limit._windows) == 5
