"""May this crop be grown here? What the ban areas and the statement say (core).

特定农产品禁止生产区域: an area with a list of crops. A declared name counts when it is
on the list or one name holds the other (水稻, 优质水稻); a list says nothing of crops
it does not name, so the officer is shown it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from parcels.texts import Text
from screening.extract import Extract, ExtractItem
from screening.facts.model import FarmlandFacts
from screening.facts.themes import absence, evidence_of, hit, items_on
from screening.request_values import Crop
from screening.truth import NO, Missing, Truth, unknown
from screening.vocabulary import STRICT_CONTROL

BAN: Final = "crop_ban_area"
_SEPARATORS: Final = re.compile(r"[、，,；;/]")
_NOT_SAID: Final = Missing("crop", "not_declared")


def derive_crop_ban(
    extract: Extract, crop: Crop | None, farmland: FarmlandFacts
) -> Truth:
    """Whether the declared crop is banned by an area on the subject.

    Where the layer is silent no area is expected but on strict-control land, and none
    that would ban a crop not meant to be eaten.
    """
    grown = crop or Crop()
    result = NO
    for item in items_on(extract, BAN):
        result = result | _is_banned(item, grown)
    silent = absence(extract, BAN, BAN)
    if any(missing.cause == "border" for missing in silent.missing):
        return result | silent
    if grown.edible is False:
        return result
    strict = farmland.categories.get(STRICT_CONTROL, NO) | farmland.other
    return result | (silent & strict)


def _is_banned(item: ExtractItem, crop: Crop) -> Truth:
    listed = _names(item.feature.attributes.get("crops") or ())
    evidence = (evidence_of(item),)
    if not listed:
        return unknown(Missing(BAN, "not_on_record", BAN), evidence=evidence)
    if crop.name is None:
        return unknown(_NOT_SAID, evidence=evidence)
    grown = _names([crop.name])
    met = any(_same(name, banned) for name in grown for banned in listed)
    return hit(item) if met else NO


def _same(name: str, banned: str) -> bool:
    return name in banned or banned in name


def _names(written: Iterable[str]) -> tuple[str, ...]:
    """Return the single names in what is written, without 类 and the like.

    Examples
    --------
    >>> _names(["水稻、小麦", "叶菜类"])
    ('水稻', '小麦', '叶菜')
    """
    plain = (unicodedata.normalize("NFKC", text).lower() for text in written)
    names = (name.strip() for text in plain for name in _SEPARATORS.split(text))
    return tuple(short for name in names if (short := name.removesuffix("类")))


def list_banned_crops(extract: Extract) -> tuple[Text, ...]:
    """Return for the officer what the ban areas on the subject list."""
    return tuple(
        Text(
            f"禁种区 {item.feature.code} 所列农产品：{'、'.join(crops)}。",
            f"Crops banned in {item.feature.code}: {', '.join(crops)}.",
        )
        for item in items_on(extract, BAN)
        if (crops := item.feature.attributes.get("crops"))
    )
