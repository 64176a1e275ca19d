"""Words for files whose own statements contradict each other (core)."""

from __future__ import annotations

from typing import Final

READING: Final[dict[str, tuple[str, str]]] = {
    "cpg_contradicts_bytes": (
        ".cpg 写明 {cpg}，但至少有 {count} 个值不是合法的该编码文字，如第 {row}"
        " 行字段 {field}：{raw}。如 .cpg 有误，请声明实际编码（可能为 {other}）。",
        "The .cpg says {cpg}, but at least {count} values are no such text, e.g. row"
        " {row}, field {field}: {raw}. If the .cpg is wrong, declare the encoding"
        " ({other}?).",
    ),
    "cpg_contradicts_text": (
        ".cpg 写明 {cpg}，但文字是合法的 UTF-8：按 .cpg 读作“{as_stated}”，按 UTF-8"
        " 读作“{as_utf8}”。请上传时声明实际编码。",
        "The .cpg says {cpg}, but the text is valid UTF-8: it would read {as_stated!r},"
        " as UTF-8 {as_utf8!r}. Declare the encoding.",
    ),
    "text_is_utf_16": (
        "声明的编码是 {declared}，而文件的字节是 UTF-16 的（Excel“Unicode 文本”即是）；"
        "请声明 utf-16，或另存为 UTF-8 后上传。",
        "The encoding was declared as {declared}, but the bytes of the file are UTF-16"
        " (what Excel calls Unicode text); declare utf-16, or save it as UTF-8.",
    ),
    "geojson_in_utf_16": (
        "文件是 UTF-16 的，而 GeoJSON 应为 UTF-8（RFC 7946）；请另存为 UTF-8 后上传。",
        "The file is UTF-16, but GeoJSON is UTF-8 (RFC 7946); save it as UTF-8 and send"
        " that.",
    ),
    "dbf_in_utf_16": (
        "“{member}”按声明或 .cpg 是 UTF-16 的，而 .dbf 的文字不能是 UTF-16；"
        "请声明实际编码（多为 GBK 或 UTF-8）。",
        "{member!r} is UTF-16 as declared or by its .cpg, which the text of a .dbf"
        " cannot be; declare its encoding (mostly GBK or UTF-8).",
    ),
    "format_kml": (
        "KML/KMZ 只有网络地图坐标（可能加偏），没有测绘坐标系；请提供测绘成果"
        "（Shapefile、GeoPackage 等）。",
        "KML and KMZ carry web-map coordinates, which may be shifted, and no survey"
        " system; deliver the survey (shapefile, GeoPackage, …).",
    ),
    "format_vct": (
        "暂不支持 VCT 交换格式；请导出为 Shapefile、GeoPackage 或 File Geodatabase。",
        "The VCT exchange format is not read here; export a shapefile, GeoPackage or"
        " File Geodatabase.",
    ),
    "format_mdb": (
        "Personal Geodatabase（.mdb）只能在 Windows 上读取；请导出为 File Geodatabase、"
        "Shapefile 或 GeoPackage。",
        "A Personal Geodatabase (.mdb) can be read on Windows only; export a File"
        " Geodatabase, shapefile or GeoPackage.",
    ),
    "format_xls": (
        "不支持旧版 Excel（.xls）；请另存为 .xlsx 或 CSV。",
        "Old Excel files (.xls) are not read; save as .xlsx or CSV.",
    ),
    "bare_geodatabase": (
        "请把整个 .gdb 文件夹压缩成一个 .zip 后上传。",
        "Send the whole .gdb folder in one .zip.",
    ),
    "separator_other": (
        "表格的值以{found_zh}分隔，系统不按它拆列；请改以逗号、分号或制表符分隔，或另存为"
        " xlsx 后上传。",
        "The values of the table are separated by a {found_en}, which is not read;"
        " separate them by comma, semicolon or tab, or save the table as xlsx.",
    ),
    "separator_unclear": (
        "表格的值以哪个符号分隔不能确定：按{found_zh}都能拆成整齐的列。请只用其中一个，"
        "含有它的值加引号，或另存为 xlsx 后上传。",
        "What separates the values of the table cannot be told: {found_en} all give"
        " even columns. Use one of them and put values that hold it in quotes, or save"
        " the table as xlsx.",
    ),
    "geoparquet_encoding": (
        "GeoParquet 的图形编码是“{encoding}”；请写为 WKB。",
        "The geometry of this GeoParquet file is encoded as {encoding!r}; write WKB.",
    ),
    "exchange_line": (
        "界址点文件第 {row} 行“{text}”既不是地块行（以 @ 结尾）也不是“点号,圈号,X,Y”；"
        "请改正该行。",
        "Line {row} of the boundary points, {text!r}, is neither a plot (ending in @)"
        " nor 'number,ring,X,Y'; correct it.",
    ),
    "exchange_points": (
        "界址点文件第 {row} 行的地块写有 {told} 个界址点，实有 {found} 个；请核对是否"
        "缺行。",
        "The plot in line {row} of the boundary points says it has {told} points; it"
        " has {found}: look for missing lines.",
    ),
    "no_boundary_points": (
        "表格没有坐标列。面状图层的表格应为界址点成果表：每行一个界址点，含地块代码、圈号、"
        "点号、X（北）、Y（东）。",
        "The table has no coordinate columns. For areas send a list of boundary points:"
        " one point a line with parcel code, ring, number, X (north) and Y (east).",
    ),
    "zip_several_sets": (
        "压缩包里有多份数据：{found}；请每次只上传一份。",
        "The zip holds several sets of data: {found}; send one at a time.",
    ),
    "layer_of_other_geometry": (
        "文件的图形（{found}）不适合图层“{layer}”（应为 {expected}）；请核对图层。",
        "No geometry of the file ({found}) suits layer {layer!r} ({expected}); check"
        " the layer.",
    ),
    "axes_swapped": (
        "坐标轴颠倒：{rows} 行中 {count} 行的坐标是{pattern_zh}，第一个坐标"
        " {first}，第二个坐标 {second}。请将东坐标（经度）放在前面后重新上传。",
        "The axes are swapped: {count} of {rows} rows are {pattern_en}; the first"
        " coordinate is {first}, the second {second}. Put east (longitude) first and"
        " send the file again.",
    ),
    "crs_contradicts_coordinates": (
        "坐标系 {name_zh}（EPSG:{srid}）与坐标矛盾：{rows} 行中 {count} 行的坐标是"
        "{pattern_zh}，东 {first}，北 {second}。{hint_zh}",
        "The coordinate system {name_en} (EPSG:{srid}) contradicts the coordinates:"
        " {count} of {rows} rows are {pattern_en}, east {first}, north {second}."
        " {hint_en}",
    ),
    "coordinates_web_mercator": (
        "坐标是 Web 墨卡托（EPSG:3857）：{rows} 行中 {count} 行，东 {first}，北"
        " {second}。网络地图坐标可能加偏，不能作为测绘成果；请提供 CGCS2000 数据。",
        "The coordinates are Web Mercator (EPSG:3857): {count} of {rows} rows, east"
        " {first}, north {second}. Web maps may be shifted and are no survey; deliver"
        " CGCS2000.",
    ),
    "coordinates_small": (
        "坐标是局部或图纸坐标：{rows} 行中 {count} 行，第一个坐标 {first}，第二个坐标"
        " {second}。请由测绘单位转换到 CGCS2000 后重新上传。",
        "The coordinates are of a local system or drawing: {count} of {rows} rows, the"
        " first {first}, the second {second}. Have them converted to CGCS2000.",
    ),
    "coordinates_other": (
        "坐标不属于中国常用坐标系：{rows} 行中 {count} 行，第一个坐标 {first}，"
        "第二个坐标 {second}。请核对数据来源。",
        "The coordinates fit no system used in China: {count} of {rows} rows, the first"
        " {first}, the second {second}. Check where the data come from.",
    ),
    "outside_county": (
        "按坐标系 {name_zh}（EPSG:{srid}），没有一行位于 {county_zh} 内或附近：数据在"
        " {found}，该县在 {expected}（东 {first}，北 {second}）。{hint_zh}",
        "Under {name_en} (EPSG:{srid}) no row lies in {county_en} or near it: the data"
        " are at {found}, the county at {expected} (east {first}, north {second})."
        " {hint_en}",
    ),
    "crs_local": (
        "文件的坐标系“{name}”是地方独立坐标系（中央经线 {meridian}°，东偏"
        " {easting} m），没有转换参数不能入库。请由测绘主管部门转换到 CGCS2000。",
        "The file's system {name!r} is a local one (meridian {meridian}°, false easting"
        " {easting} m); without its parameters nothing leads to CGCS2000. Have the"
        " surveying authority convert it.",
    ),
    "crs_foreign": (
        "文件的坐标系“{name}”不是中国测绘使用的坐标系。请提供 CGCS2000 经纬度或高斯-"
        "克吕格坐标；如文件所写有误，请上传时声明坐标系。",
        "The file's system {name!r} is none that Chinese surveys use. Deliver CGCS2000"
        " degrees or Gauss-Krüger; if the file is wrong, declare the system.",
    ),
    "crs_shifted": (
        "“{name}”是加偏的网络地图坐标（偏移约 50–500 m），不能作为测绘坐标；请提供"
        " CGCS2000 坐标。",
        "{name!r} is a shifted web-map system (about 50 to 500 m off) and no survey;"
        " deliver CGCS2000.",
    ),
}
"""Reason → Chinese and English; joined into `refusals`."""
