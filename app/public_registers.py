"""The published registers as files, made once for each state of the register (shell).

What is public follows from the last change and the day, so a file is kept until either
moves. Its entity tag is the digest of its bytes: nothing of the register shows in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, Final

import orjson

from app.database import Database
from parcels.plots.published import (
    PublicRegister,
    PublishedPlot,
    list_published,
    state_of_register,
)
from parcels.refusal import Language
from parcels.surveys.vector_files import harmless

COLUMNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("plot_code", "地块编码", "Plot code"),
    ("name", "地块名称", "Name"),
    ("address", "地址", "Address"),
    ("bound_east", "东至", "Bound to the east"),
    ("bound_south", "南至", "Bound to the south"),
    ("bound_west", "西至", "Bound to the west"),
    ("bound_north", "北至", "Bound to the north"),
    ("area_m2", "面积（平方米）", "Area (m²)"),
    ("former_enterprise", "原企业", "Former enterprise"),
    ("former_industries", "原行业", "Former industries"),
    ("current_use", "现状用途", "Current use"),
    ("planned_use", "规划用途", "Planned use"),
    ("stage", "阶段", "Stage"),
    ("soil_standard", "土壤质量结论", "Soil-quality finding"),
    ("evaluated_class", "评估用地类型", "Class evaluated"),
    ("risk_grade", "风险等级", "Risk grade"),
    ("pollutants", "污染物", "Pollutants"),
    ("groundwater_polluted", "地下水受污染", "Groundwater polluted"),
    ("negative_list", "开发利用负面清单", "Negative list"),
    ("list_batch", "批次", "Batch"),
)
"""Members of an entry's fields, in the order of files and pages, with their titles."""

_OWN: Final = (
    ("division_code", "行政区代码", "Division"),
    ("listed_on", "列入日期", "Listed on"),
)
_LAST: Final = (
    ("longitude", "经度", "Longitude"),
    ("latitude", "纬度", "Latitude"),
    ("published_on", "公开日期", "Published on"),
    ("publication_source", "公开依据", "Source"),
)


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file of a published register, with its entity tag."""

    content: bytes
    etag: str


def write_json_register(entries: Sequence[PublishedPlot], _: Language) -> bytes:
    """Return a register as JSON: `items`, each with its flagged fields."""
    return orjson.dumps({"items": [_item(entry) for entry in entries]})


def write_geojson(entries: Sequence[PublishedPlot], _: Language) -> bytes:
    """Return a register as GeoJSON: rounded points, null where no place is public."""
    features = []
    for entry in entries:
        properties = _item(entry)
        place = [properties.pop("longitude"), properties.pop("latitude")]
        known = place[0] is not None
        geometry = {"type": "Point", "coordinates": place} if known else None
        features.append(
            {"type": "Feature", "geometry": geometry, "properties": properties}
        )
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def write_csv(entries: Sequence[PublishedPlot], language: Language) -> bytes:
    """Return a register as UTF-8 CSV with a byte order mark and titles."""
    columns = (*_OWN, *COLUMNS, *_LAST)
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow([zh if language == "zh" else en for _, zh, en in columns])
    for entry in entries:
        item = _item(entry)
        sheet.writerow([harmless(_plain(item.get(name))) for name, _, _ in columns])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str | int | float | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | float) else str(value)


def _item(entry: PublishedPlot) -> dict[str, Any]:
    return {
        "division_code": entry.division_code,
        "division_name": {"zh": entry.division_zh, "en": entry.division_en},
        "listed_on": entry.listed_on,
        **entry.fields,
        "longitude": entry.longitude,
        "latitude": entry.latitude,
        "published_on": entry.published_on,
        "publication_source": entry.publication_source,
    }


_State = tuple[int, date]
_Key = tuple[PublicRegister, str, Language]
Writer = Callable[[Sequence[PublishedPlot], Language], bytes]


@dataclass(slots=True)
class PublicRegisters:
    """Files and entries of the published registers, kept while nothing changes."""

    database: Database
    decimals: int
    _state: _State | None = None
    _entries: dict[PublicRegister, list[PublishedPlot]] = field(default_factory=dict)
    _files: dict[_Key, PublicFile] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def entries(self, register: PublicRegister) -> list[PublishedPlot]:
        """Return the entries of a register as they stand now."""
        with self._lock:
            return self._current(register)

    def file(
        self, register: PublicRegister, form: str, language: Language, write: Writer
    ) -> PublicFile:
        """Return a file of a register; `form` and `language` tell it from others."""
        key = (register, form, language)
        with self._lock:
            entries = self._current(register)
            found = self._files.get(key)
            if found is None:
                content = write(entries, language)
                digest = hashlib.sha256(content).hexdigest()[:32]
                found = self._files[key] = PublicFile(content, f'"{digest}"')
            return found

    def _current(self, register: PublicRegister) -> list[PublishedPlot]:
        with self.database.transaction(
            None, snapshot=True, read_only=True
        ) as connection:
            state = state_of_register(connection)
            if state != self._state:
                self._state = state
                self._entries.clear()
                self._files.clear()
            if register not in self._entries:
                found = list_published(connection, register, self.decimals)
                self._entries[register] = found
        return self._entries[register]
