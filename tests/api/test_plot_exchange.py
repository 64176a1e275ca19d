"""Records of plots are exchanged with other systems, with their origin (R-A01)."""

import io

import pyarrow.parquet as pq

from parcels.exports.columns import list_columns
from parcels.register.layers import PLOT
from tests.api.bodies import OURS, entry, new_code, square

SYSTEM = "全国污染地块土壤环境管理信息系统"
ORIGIN = {
    "source_system": SYSTEM,
    "source_id": "4101030026318",
    "synced_on": "2024-03-02",
}
EXCHANGED = """
plot_code division_code name stage held address national_code local_code
source_system source_id synced_on bound_east bound_south bound_west bound_north
former_enterprise current_use_scheme current_use_code planned_use_scheme
planned_use_code evaluated_class soil_standard target_met aftercare_required
aftercare_breach negative_list former_industries pollutants groundwater_polluted
risk_grade required_activity required_activity_served_on required_activity_due_on
required_activity_done_on reuse_started_on reuse_document entry_list entry_batch
entry_source entry_published_on published_fields published_on publication_source
accuracy_m stated_area_m2 coord_source mapped_area_m2 valid_from valid_to recorded_at
source
""".split()
"""The exchange format as `OPERATIONS.md` promises it: names stay, new ones may come."""


def plot(code, **more):
    return {
        "plot_code": code,
        "division_code": OURS,
        "stage": "contaminated",
        **entry("contaminated"),
        "valid_from": "2024-03-01",
        "geometry": square(114.0501, 34.6001, 0.0002),
        **ORIGIN,
        **more,
    }


def test_the_names_of_the_exchange_format_stay():
    assert set(EXCHANGED) <= {column.name for column in list_columns(PLOT)}


def test_a_record_is_found_by_its_number_in_the_other_system(api):
    code = new_code()
    api.create("/v1/plots", plot(code, source_id="S-7"), "registrar")
    query = {"source_system": SYSTEM, "source_id": "S-7"}
    (found,) = api.get("/v1/plots", params=query).json()["items"]
    assert found["plot_code"] == code
    assert found["synced_on"] == "2024-03-02" and found["recorded_at"]


def test_a_query_tells_the_system_the_number_and_the_day_of_the_data(api):
    code = new_code()
    api.create("/v1/plots", plot(code), "registrar")
    body = {"geometry": square(114.0501, 34.6001, 0.0002)}
    extract = api.as_("permit_system").post("/v1/extracts", body).json()
    (theme,) = [one for one in extract["themes"] if one["theme"] == "plot"]
    items = {one["code"]: one for one in theme["items"]}
    assert items[code]["data_date"] == "2024-03-01"
    assert items[code]["origin"] == ORIGIN


def test_a_file_of_plots_tells_where_each_record_is_from(api):
    code = new_code()
    api.create("/v1/plots", plot(code), "registrar")
    table = pq.read_table(io.BytesIO(api.get("/v1/plots?format=parquet").content))
    (row,) = [one for one in table.to_pylist() if one["plot_code"] == code]
    assert {name: str(row[name]) for name in ORIGIN} == ORIGIN
