"""An office keeps its field mappings, and sees no other office's."""

import pytest
import sqlalchemy as sa

from parcels.surveys.errors import DivisionNotYours, LayerNotWritable
from parcels.surveys.refusals import FileRefused
from parcels.surveys.saved_mappings import (
    MappingNotFound,
    field_mapping,
    forget_mapping,
    get_mapping,
    list_mappings,
    save_mapping,
)
from tests.integration.register_rows import narrow

OURS = {"code": "编号", "registered_area_m2": "面积"}


def save(connection, mapping=OURS, division="999901", layer="parcel", name="院内软件"):
    return save_mapping(connection, division, layer, name, mapping, actor="测绘院")


def test_saved_mapping_is_found_again(service):
    with service() as connection:
        saved = save(connection)
        assert get_mapping(connection, "999901", "parcel", "院内软件") == saved
        assert saved.mapping == OURS
        assert list_mappings(connection, "parcel") == [saved]
        assert list_mappings(connection, "plot") == []


def test_same_name_replaces(service):
    with service() as connection:
        save(connection)
        save(connection, {"code": "ZDH"})
        (kept,) = list_mappings(connection)
        assert kept.mapping == {"code": "ZDH"}


def test_forgotten_mapping_is_gone(service):
    with service() as connection:
        save(connection)
        forget_mapping(connection, "999901", "parcel", "院内软件")
        with pytest.raises(MappingNotFound):
            get_mapping(connection, "999901", "parcel", "院内软件")
        with pytest.raises(MappingNotFound):
            forget_mapping(connection, "999901", "parcel", "院内软件")


def test_another_county_sees_and_removes_nothing(service):
    with service() as connection:
        save(connection)
        narrow(connection, "999902")
        assert list_mappings(connection) == []
        with pytest.raises(MappingNotFound):
            forget_mapping(connection, "999901", "parcel", "院内软件")
        with pytest.raises(DivisionNotYours):
            save(connection)


def test_role_keeps_mappings_for_layers_it_may_write(service):
    with service(role="agriculture") as connection:
        save(connection, {"category": "类别"}, layer="farmland_unit")
        with pytest.raises(LayerNotWritable):
            save(connection)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"mapping": {"mapped_area_m2": "面积"}}, "mapping_unknown"),
        ({"mapping": {"code": " "}}, "mapping_empty"),
        ({"name": " "}, "mapping_name"),
        ({"name": "长" * 101}, "mapping_name"),
        ({"layer": "parcells"}, "layer_unknown"),
    ],
)
def test_mapping_that_no_file_could_use_is_refused(service, more, reason):
    with service() as connection, pytest.raises(FileRefused) as refused:
        save(connection, **more)
    assert refused.value.reason == reason


def test_table_is_what_the_migration_made(schema):
    with schema.owner() as connection:
        found = {
            column["name"]: (str(column["type"]), column["nullable"])
            for column in sa.inspect(connection).get_columns(
                "field_mapping", "registry"
            )
        }
    assert {name: nullable for name, (_, nullable) in found.items()} == {
        column.name: column.nullable for column in field_mapping.c
    }
