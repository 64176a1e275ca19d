"""Where an examination stands can be said in words, whatever it is doing."""

import pytest

from parcels.surveys.checking import WHOLE_CHECKS
from parcels.surveys.progress import Progress


@pytest.mark.parametrize("check", [name for name, _ in WHOLE_CHECKS])
def test_every_check_of_a_whole_file_has_a_name_in_both_languages(check):
    zh, en = Progress("check", 7, 7, check, 0, len(WHOLE_CHECKS)).describe()
    assert zh.startswith("已读 7 行，") and en.startswith("7 rows were read, ")


def test_other_steps_say_how_many_rows_they_have_seen():
    assert Progress("read", 7).describe() == ("已读 7 行", "7 rows were read")
    assert "7 行" in Progress("compare", 7).describe()[0]
