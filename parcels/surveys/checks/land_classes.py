"""Which land-use classes are cultivated land, farmland, built-up? (core, data).

Patterns of the beginning of a class's code, by scheme. Recalled after GB/T 21010-2017
(table of the three great classes) and the 2023 classification of land and sea use; a
scheme that is not named here is not judged.
"""

from __future__ import annotations

from typing import Final

CULTIVATED: Final = {"gbt21010_2017": "^01", "ydyh_2023": "^01"}
"""Cultivated land (耕地)."""

FARMLAND_21010: Final = "^(0[1-3]|040[1-3]|1006|110[347]|1203)"
"""Farmland of GB/T 21010-2017 without facilities (农用地)."""

BUILT: Final = {
    "gbt21010_2017": "^(0[5-9]|100[1-57-9]|1109|1201)",
    "ydyh_2023": "^(0[7-9]|1[0-5])",
}
"""Construction land (建设用地), rural roads and farm facilities left out."""
