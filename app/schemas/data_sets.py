"""The catalogue of shared data as it is answered (资源共享目录)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field

from app.data_sets import WAY_NAMES, DataSet, Way
from app.security.principals import ROLES, Role
from parcels.refusal import Language
from parcels.tasks.model import BUREAU_NAMES, Bureau

Right = Literal["read", "summary", "write", "approve"]
RIGHT_NAMES: tuple[Right, ...] = get_args(Right)


class KeeperModel(BaseModel):
    """A bureau that leads a data set."""

    bureau: Bureau
    bureau_text: str


class WayModel(BaseModel):
    """A way of sharing (共享方式)."""

    way: Way
    way_text: str
    not_for: list[Role] = Field(description="Who read the set, but not in this way")


class SharingRightsModel(BaseModel):
    """Roles by what they may do with a data set (共享权限)."""

    read: list[Role]
    summary: list[Role] = Field(
        description="Told in extracts whether land is concerned, and how far"
    )
    write: list[Role]
    approve: list[Role]


class DataSetModel(BaseModel):
    """One entry of the catalogue."""

    name: str
    title: str
    kept_by: list[KeeperModel]
    rights: SharingRightsModel
    own: list[Right] = Field(description="What the caller may")
    ways: list[WayModel]
    address: str | None


class DataSetList(BaseModel):
    """The catalogue: layers of the register, then what is made of them."""

    items: list[DataSetModel]
    next: None = None


def write_data_set(one: DataSet, role: Role, language: Language) -> dict[str, Any]:
    """Return an entry as it is answered to a role."""
    rights = {right: _in_order(getattr(one, right)) for right in RIGHT_NAMES}
    return {
        "name": one.name,
        "title": one.title.of(language),
        "kept_by": [
            {"bureau": bureau, "bureau_text": BUREAU_NAMES[bureau].of(language)}
            for bureau in one.kept_by
        ],
        "rights": rights,
        "own": [right for right in RIGHT_NAMES if role in rights[right]],
        "ways": [
            {
                "way": way,
                "way_text": WAY_NAMES[way].of(language),
                "not_for": _in_order(one.left_out_of(way)),
            }
            for way in one.ways
        ],
        "address": one.address,
    }


def _in_order(roles: Iterable[Role]) -> list[Role]:
    kept = set(roles)
    return [role for role in ROLES if role in kept]
