"""Which themes are another department's to write? (shell).

Areas of restriction and statements of coverage hold the themes of several departments
in one layer. Where the policy documents give a theme to one, it writes it (R-G06);
others, and themes of a bureau's own, are open to every role that may write the layer.
Kept in the database (`registry.theme_right`), whose policies refuse what is forgotten
here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from parcels.refusal import Refusal
from parcels.register.layers import RESTRICTION_AREA, THEME_COVERAGE, Layer
from parcels.tasks.model import BUREAU_NAMES, Bureau

LED_BY: Final[dict[str, tuple[Bureau, ...]]] = {
    # LS 8, ZZ 三(二)2: permanent basic farmland.
    "permanent_basic_farmland": ("NR",),
    "pbf_concentrated_area": ("NR",),
    # LS 18; drawn with the spatial plan since 2018, hence both.
    "ecological_redline": ("EE", "NR"),
    # LS 13, ZZ 三(三)3.
    "control_area": ("EE",),
    # M27 二(一), 三线一单.
    "access_list_unit": ("EE",),
    # LS 10, ZZ 三(二)5.
    "crop_ban_area": ("AG",),
    # LS 7, 8: categories of farmland.
    "concentrated_priority_farmland": ("AG", "EE"),
    "farmland_unit": ("AG", "EE"),
    # LS 12, 13, 20; ZZ 三(一), 三(三)1; M27 三(二): registers of the environment.
    # Of tailings ponds (LS 22) and waste sites (LS 29) as well: emergency and urban
    # management have no role of their own.
    **dict.fromkeys(
        (
            *("plot", "former_use", "key_unit", "enterprise", "facility"),
            *("receptor", "water_source", "water_zone"),
        ),
        ("EE",),
    ),
}
"""Theme → departments with a role that lead it; the same as in the database."""

_HOLD_THEMES: Final = (RESTRICTION_AREA, THEME_COVERAGE)


class ThemeOfOthers(Refusal):
    """The theme is led by departments that the caller's role does not act for."""

    def __init__(self, theme: str) -> None:
        names = [BUREAU_NAMES[bureau] for bureau in LED_BY[theme]]
        zh = "、".join(one.zh for one in names)
        en = ", ".join(one.en for one in names)
        super().__init__(
            "theme_of_others",
            f"专题 {theme} 由{zh}维护；您的角色不能登记、修改或终止。",
            f"Theme {theme!r} is kept by {en}; your role cannot enter, change or end"
            " it.",
        )


def find_others(connection: sa.Connection, layer: Layer) -> list[str]:
    """Return the themes of a layer that the caller's role may not write."""
    if layer not in _HOLD_THEMES:
        return []
    asked = sa.select(sa.func.registry.themes_of_others())
    return list(connection.execute(asked).scalar_one())


def refuse_others(
    connection: sa.Connection, layer: Layer, themes: Iterable[str | None]
) -> None:
    """Refuse to write what another department leads.

    Parameters
    ----------
    themes
        Of what is entered, changed or ended; ignored for layers without themes.

    Raises
    ------
    ThemeOfOthers
        For the first of them.
    """
    barred = set(themes) & set(find_others(connection, layer))
    if barred:
        raise ThemeOfOthers(min(one for one in barred if one))
