"""Of every layer that a rule reads, a change notes where it reached."""

from datetime import date

import pytest
import shapely
import sqlalchemy as sa

from parcels.register.history import insert_version, next_object_id
from parcels.register.layers import LAYERS
from parcels.register.statements import ewkb
from screening.impact import watch
from tests.integration.register_rows import change, element, narrow

HERE, FAR = shapely.box(114.0, 34.6, 114.001, 34.601), shapely.box(115, 35, 115.1, 35.1)
SQUARE, POINT = shapely.multipolygons([HERE]), shapely.Point(114.0005, 34.6005)
LINE = shapely.MultiLineString([[(113.9, 34.6), (114.1, 34.6005)]])
LAYER_OF = {layer.name: layer for layer in LAYERS}
VALUES = {
    "division": {"name_zh": "县", "mapped_area_m2": 1.0, "geom": SQUARE},
    "parcel": {"mapped_area_m2": 1.0, "geom": SQUARE},
    "plot": {"stage": "suspected", "geom": POINT},
    "plot_document": {"plot_code": "X", "document_type": "other"},
    "plot_list_membership": {"plot_code": "X", "list": "rcr"},
    "farmland_unit": {
        "category": "safe_use",
        "mapped_area_m2": 1.0,
        "geom": SQUARE,
    },
    "enterprise": {"name": "E", "status": "active", "geom": POINT},
    "key_unit_list": {"enterprise_code": "X", "year": 2024},
    "water_source": {"name": "W", "geom": POINT},
    "water_zone": {
        "source_code": "X",
        "level": "level_1",
        "basis": "approved",
        "mapped_area_m2": 1.0,
        "geom": SQUARE,
    },
    "facility": {"kind": "landfill", "geom": POINT},
    "receptor": {"kind": "school", "geom": POINT},
    "restriction_area": {
        "theme": "ecological_redline",
        "mapped_area_m2": 1.0,
        "geom": SQUARE,
    },
    "former_use": {"geom": POINT},
    "river": {"geom": LINE},
    "theme_coverage": {"theme": "plot", "data_date": date(2024, 1, 1)},
}
STANDS_ON = {
    "plot_document": "plot",
    "plot_list_membership": "plot",
    "key_unit_list": "enterprise",
    "theme_coverage": "division",
}
READ_BY_NO_RULE = {
    "farmland_measure",
    "plot_event",
    "plot_pollutant",
    "parcel_lineage",
    "monitoring_point",
    "sample_result",
    "attention_option",
    "attention_answer",
    "attention_correction",
}


def add(connection, layer, code="X"):
    """Enter one object of a layer in a change of its own; return the change."""
    values = dict(VALUES[layer])
    if "geom" in values:
        values["geom"] = element(values["geom"])
    with change(connection) as opened:
        insert_version(
            connection,
            opened,
            LAYER_OF[layer],
            {
                "object_id": next_object_id(connection),
                "code": code,
                "division_code": "999901",
                "valid_from": date(2020, 1, 1),
                **values,
            },
        )
    return opened.id


def touches(connection, change_id, layers, place):
    """Ask whether a change touched something there."""
    boxes = ("area_box", "plot_box", "wide_box", "shore_box", "far_box")
    check = watch.Check(
        None,
        change_id,
        1,
        date.min,
        False,
        {"subject": {"parcel_codes": ["X"]}},
        layers,
        True,
    )
    return watch.is_touched(connection, check, dict.fromkeys(boxes, ewkb(place)))


def test_every_layer_is_read_by_a_rule_or_known_not_to_be():
    assert {layer.name for layer in LAYERS} == VALUES.keys() | READ_BY_NO_RULE


@pytest.mark.parametrize("layer", VALUES)
def test_what_is_entered_is_noted_with_its_place(service, layer):
    with service() as connection:
        if layer in STANDS_ON:
            add(connection, STANDS_ON[layer])
        change_id = add(connection, layer)
        assert touches(connection, change_id, (layer,), HERE)
        elsewhere = touches(connection, change_id, (layer,), FAR)
        # A parcel counts by its code, wherever it lies.
        assert elsewhere == (layer == "parcel")
        assert not touches(connection, change_id + 1, (layer,), HERE)
        narrow(connection, "*")
        boxes = connection.scalars(
            sa.text(
                "select st_asbinary(box) from change_reach"
                " where change_id = :id and layer = :layer"
            ),
            {"id": change_id, "layer": layer},
        ).all()
    assert any(shapely.from_wkb(bytes(box)).intersects(HERE) for box in boxes)


def test_a_caller_of_one_county_sees_nothing_of_it(service):
    with service() as connection:
        add(connection, "plot")
        for table in ("change_reach", "decision_watch", "impact_check"):
            count = sa.text(f"select count(*) from {table}")  # noqa: S608
            assert connection.scalar(count) == 0


def test_a_zone_reaches_as_far_as_the_plots_in_it(service):
    with service() as connection:
        with change(connection) as opened:
            insert_version(
                connection,
                opened,
                LAYER_OF["plot"],
                {
                    "object_id": next_object_id(connection),
                    "code": "LONG",
                    "division_code": "999901",
                    "valid_from": date(2020, 1, 1),
                    "stage": "contaminated",
                    "geom": element(
                        shapely.multipolygons(
                            [shapely.box(113.9, 34.6, 114.0005, 34.6005)]
                        )
                    ),
                },
            )
        change_id = add(connection, "water_zone")
        beside_the_plot = shapely.box(113.9, 34.6, 113.901, 34.601)
        assert touches(connection, change_id, ("water_zone",), beside_the_plot)
