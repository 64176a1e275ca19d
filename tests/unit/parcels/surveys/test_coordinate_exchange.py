"""Texts of boundary points for the ministry: head, plots, rings, X before Y."""

import pytest
import shapely

from parcels.surveys.coordinate_exchange import is_exchange, read_exchange
from parcels.surveys.limits import Limits
from parcels.surveys.refusals import FileRefused

HEAD = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""
PLOT = """5,0.01,DK1,东村,面,I-49,住宅,0701,@
J1,1,3846000,38500000
J2,1,3846010,38500000
J3,1,3846010,38500010
J4,1,3846000,38500010
J1,1,3846000,38500000
"""
HOLE = """J5,2,3846002,38500002
J6,2,3846004,38500002
J7,2,3846004,38500004
J8,2,3846002,38500004
"""


def read(text, encoding="gbk", declared=None):
    """Return the layer, its only batch and its shapes."""
    raw = read_exchange(text.encode(encoding), declared, Limits())
    (batch,) = raw.batches
    return raw, batch, shapely.from_wkb(batch.geometry.to_numpy(False))


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
def test_plot_is_drawn_with_x_as_north(encoding):
    assert is_exchange((HEAD + PLOT).encode(encoding))
    raw, batch, (shape,) = read(HEAD + PLOT, encoding)
    assert shape.bounds == (38_500_000, 3_846_000, 38_500_010, 3_846_010)
    assert batch.rows.tolist() == [11]
    assert batch.columns["地块编号"].to_pylist() == ["DK1"]
    assert batch.columns["地类编码"].to_pylist() == ["0701"]
    assert raw.crs == "EPSG:4526"


def test_second_ring_is_a_hole():
    text = PLOT.replace("5,0.01", "9,0.0096") + HOLE
    _, _, (shape,) = read(HEAD + text)
    assert shape.area == 96


def test_plots_follow_each_other():
    _, batch, shapes = read(HEAD + PLOT + PLOT.replace("DK1", "DK2"))
    assert batch.rows.tolist() == [11, 17]
    assert len(shapes) == 2


@pytest.mark.parametrize(
    ("change", "crs"),
    [
        (("带号=38", "带号=39"), "EPSG:4527"),
        (("2000国家", "80国家"), "EPSG:2362"),
        (("2000国家", "54国家"), "EPSG:2414"),
        (("几度分带=3", "几度分带=6"), None),
        (("带号=38", "带号="), None),
        (("坐标系=2000国家大地坐标系", "坐标系="), None),
    ],
)
def test_head_states_the_coordinate_system(change, crs):
    assert read((HEAD + PLOT).replace(*change))[0].crs == crs


def test_without_prefix_the_head_means_the_meridian():
    plain = PLOT.replace(",385", ",5")
    assert read(HEAD + plain)[0].crs == "EPSG:4547"


@pytest.mark.parametrize(
    ("text", "reason", "row"),
    [
        (PLOT + "J9,1,abc,38500000\n", "exchange_line", "17"),
        (PLOT + "J9,1,3846000\n", "exchange_line", "17"),
        ("J1,1,3846000,38500000\n", "exchange_line", "11"),
        (PLOT.replace("5,0.01", "50,0.01"), "exchange_points", "11"),
        ("5,0.01,DK1,东村,面,,,,@\n", "exchange_points", "11"),
    ],
)
def test_line_that_fits_nothing_is_refused_with_its_number(text, reason, row):
    with pytest.raises(FileRefused) as refused:
        read(HEAD + text)
    assert refused.value.reason == reason
    assert row in refused.value.en


def test_other_text_is_none_of_these():
    assert not is_exchange(b"DWBM,X,Y\n")
