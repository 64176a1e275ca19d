from app.cluster.passwords import find_passwords, make_passwords, passwords_file


def test_passwords_are_found_as_they_were_made(tmp_path):
    assert find_passwords(tmp_path) is None
    assert make_passwords(tmp_path) == find_passwords(tmp_path)


def test_only_their_owner_can_read_them(tmp_path):
    make_passwords(tmp_path)
    assert passwords_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_every_role_has_a_password_of_its_own(tmp_path):
    passwords = make_passwords(tmp_path)
    assert len({passwords.superuser, passwords.owner, passwords.service}) == 3


def test_a_half_written_file_counts_as_lost(tmp_path):
    passwords_file(tmp_path).write_text('{"superuser": "x"')
    assert find_passwords(tmp_path) is None


def test_a_file_that_lacks_a_role_counts_as_lost(tmp_path):
    passwords_file(tmp_path).write_text('{"superuser": "x"}')
    assert find_passwords(tmp_path) is None
