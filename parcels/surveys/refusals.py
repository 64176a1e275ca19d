"""Why can a file not be taken at all? (core).

A `FileRefused` is about the whole file; faults of single rows are issues (`issues`).
"""

from __future__ import annotations

from typing import Final

from parcels.refusal import Refusal
from parcels.surveys.reading_refusals import READING

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    **READING,
    "layer_unknown": (
        "没有名为“{layer}”的图层；可用：{known}。",
        "There is no layer {layer!r}; known are: {known}.",
    ),
    "repair_unknown": (
        "没有名为“{repair}”的修复；可用：{known}。",
        "There is no repair {repair!r}; known are: {known}.",
    ),
    "encoding_unknown": (
        "不认识编码“{encoding}”；请用 UTF-8 或 GBK（GB18030）。",
        "Encoding {encoding!r} is not known; use UTF-8 or GBK (GB18030).",
    ),
    "crs_not_declared": (
        "未声明坐标系；请给出 EPSG 代码，例如 4526（3 度带 38 带，有带号）。",
        "No CRS was declared; give its EPSG code, e.g. 4526 (3-degree zone 38 with"
        " prefix).",
    ),
    "crs_fits_no_text": (
        "图层“{layer}”没有图形，不需要坐标系。",
        "Layer {layer!r} has no geometry and takes no CRS.",
    ),
    "update_unknown": (
        "更新方式“{update}”无效；应为 partial（局部更新）或 whole（整体更新）。",
        "Update {update!r} is not known; it is partial or whole.",
    ),
    "plots_not_whole": (
        "地块及其事件、名录、资料不能整体更新：文件中没有的不会因此终止。"
        "请按局部更新（partial）上传。",
        "Plots, their events, lists and papers are not updated as a whole: nothing of"
        " them ends because a file lacks it. Send it as a partial update.",
    ),
    "mapping_unknown": (
        "字段对应中的“{attribute}”不是图层“{layer}”可填的属性。",
        "The mapping names {attribute!r}, which is no attribute of {layer!r} that a"
        " file can fill.",
    ),
    "mapping_empty": (
        "字段对应中的“{attribute}”没有给出字段名；请写明文件中的字段。",
        "The mapping gives no field for {attribute!r}; name a field of the file.",
    ),
    "mapping_name": (
        "字段对应方案需要 1 至 {limit} 个字的名称。",
        "A saved mapping needs a name of 1 to {limit} characters.",
    ),
    "mapping_field_missing": (
        "字段对应中的字段“{field}”不在文件里；文件字段：{fields}。",
        "The mapping names field {field!r}, which the file does not have; it has:"
        " {fields}.",
    ),
    "empty_file": (
        "文件为空（0 字节）；请核对后重新上传。",
        "The file is empty (0 bytes); check it and send it again.",
    ),
    "format_unknown": (
        "无法识别“{name}”的格式；可用：压缩的 Shapefile 或 File Geodatabase（.zip）、"
        "GeoPackage、GeoJSON、FlatGeobuf、GeoParquet、CSV、xlsx、界址点 txt。",
        "The format of {name!r} is not known; send a zipped shapefile or File"
        " Geodatabase, GeoPackage, GeoJSON, FlatGeobuf, GeoParquet, CSV, xlsx or a"
        " text of boundary points.",
    ),
    "format_dxf": (
        "DXF/DWG 没有坐标系和属性；请导出为 Shapefile 或 GeoPackage。",
        "DXF and DWG carry neither CRS nor attributes; export a shapefile or"
        " GeoPackage.",
    ),
    "format_mismatch": (
        "“{name}”的内容不是 {expected}；请核对扩展名，或重新导出后上传。",
        "The content of {name!r} is not {expected}; check its extension, or export it"
        " again.",
    ),
    "bare_shapefile": (
        "请把 .shp、.shx、.dbf（及 .prj）压缩成一个 .zip 后上传。",
        "Send .shp, .shx and .dbf (and .prj) together in one .zip.",
    ),
    "zip_damaged": (
        "压缩包已损坏：{cause_zh}；请重新压缩后上传。",
        "The zip archive is damaged: {cause_en}; pack it anew and send it again.",
    ),
    "zip_encrypted": (
        "压缩包成员“{member}”已加密；请去掉密码。",
        "Member {member!r} of the zip is encrypted; send it without a password.",
    ),
    "zip_entries": (
        "压缩包有 {found} 个成员，最多 {limit} 个；请只压缩要上传的图层。",
        "The zip has {found} members, at most {limit} are taken; pack only the layer"
        " that is to be sent.",
    ),
    "zip_size": (
        "压缩包解开后超过 {limit} 字节；请分几个压缩包上传。",
        "Unpacked, the zip is larger than {limit} bytes; send it in several parts.",
    ),
    "zip_ratio": (
        "成员“{member}”的压缩比超过 {limit}，疑为压缩炸弹，不予解开；请核对该文件，"
        "或以仅存储方式重新打包。",
        "Member {member!r} is packed more than {limit} times: refused as a bomb. Check"
        " that file, or store it uncompressed in the zip.",
    ),
    "zip_path": (
        "成员名“{member}”指向压缩包之外；请在数据所在的文件夹里重新压缩。",
        "Member {member!r} points outside the archive; pack the files anew from the"
        " folder they lie in.",
    ),
    "zip_link": (
        "成员“{member}”是链接，不予接受；请放入文件本身后重新压缩。",
        "Member {member!r} is a link, which is not taken; pack the file itself.",
    ),
    "zip_nested": (
        "成员“{member}”又是压缩包；请只压缩一层。",
        "Member {member!r} is an archive itself; zip only once.",
    ),
    "zip_method": (
        "成员“{member}”用了不支持的压缩方法；请用普通 zip（deflate）。",
        "Member {member!r} uses a compression that is not supported; use ordinary"
        " zip (deflate).",
    ),
    "zip_twice": (
        "压缩包中“{member}”出现两次；请只保留一份后重新压缩。",
        "The zip holds {member!r} twice; keep one and pack it anew.",
    ),
    "no_layer": (
        "压缩包里没有可用的图层（需要 .shp 及同名 .shx、.dbf）；请补齐后重新压缩。",
        "The zip holds no layer (a .shp with .shx and .dbf of the same name); add what"
        " is missing and pack it anew.",
    ),
    "layer_not_in_file": (
        "文件里没有图层“{member}”；请改用其中之一：{found}。",
        "The file has no layer {member!r}; name one of these: {found}.",
    ),
    "member_missing": (
        "“{name}”缺少 {member}；三个文件 .shp、.shx、.dbf 缺一不可。",
        "{name!r} lacks its {member}; .shp, .shx and .dbf are all needed.",
    ),
    "member_damaged": (
        "“{member}”已损坏：{detail_zh}请重新导出或复制全部文件后上传。",
        "{member!r} is damaged: {detail_en} Export or copy all of its files anew and"
        " send them again.",
    ),
    "file_damaged": (
        "文件无法读取，可能已损坏或未传完整：{cause_zh}；请用 GIS 软件打开核对，"
        "重新导出后上传。",
        "The file cannot be read, it may be damaged or cut short: {cause_en}; open it"
        " in the GIS, export it again and send that.",
    ),
    "text_undecodable": (
        "文件不是合法的 {encoding} 文字（第 {position} 字节起）；请声明实际编码，"
        "或另存为 UTF-8 后上传。",
        "The file is no text in {encoding} (from byte {position}); declare its"
        " encoding, or save it as UTF-8.",
    ),
    "no_rows": (
        "文件没有任何记录；请核对图层和导出时的筛选条件。",
        "The file holds no records; check the layer and what was chosen for export.",
    ),
    "too_many_rows": (
        "文件有 {found} 条记录，最多 {limit} 条；请分几个文件上传。",
        "The file holds {found} records, at most {limit} are taken; send it in several"
        " parts.",
    ),
    "field_twice": (
        "字段“{field}”出现两次；请改名或删去其一。",
        "Field {field!r} occurs twice; rename or remove one.",
    ),
    "row_length": (
        "表格第 {row} 行有 {found} 列，表头有 {expected} 列；请核对该行的分隔符和引号，"
        "小数点不能写成逗号。",
        "Row {row} has {found} columns, the header has {expected}; check the separators"
        " and quotes of that row, and that no decimal sign is a comma.",
    ),
    "no_coordinates": (
        "表格没有坐标列；请补上经度/纬度，或 X（北）/Y（东）。",
        "The table has no coordinate columns; add longitude and latitude, or X (north)"
        " and Y (east).",
    ),
    "geometry_as_text": (
        "表格的“{field}”列是写成文字的图形（{form}），系统不读取。请在 GIS 软件（QGIS、"
        "ogr2ogr 等）中另存为 GeoPackage、GeoJSON 或 Shapefile 后上传；点也可写为经度、"
        "纬度两列，面也可用界址点成果表。",
        "Column {field!r} of the table holds geometry as text ({form}), which is not"
        " read. Save it as GeoPackage, GeoJSON or shapefile in a GIS program (QGIS,"
        " ogr2ogr) and send that; points may also come as columns of longitude and"
        " latitude, areas as a list of boundary points.",
    ),
    "geometry_in_table": (
        "图层“{layer}”要求线状图形，表格文件不能给出；请用 Shapefile 或 GeoPackage。",
        "Layer {layer!r} needs lines, which a table cannot give; send a shapefile or"
        " GeoPackage.",
    ),
    "took_too_long": (
        "读取和检查用时超过 {limit} 秒，已停止：{where_zh}。文件未入库；"
        "请分几个文件上传，或先核对这一步所涉及的图形。",
        "Reading and checking took more than {limit} seconds and was stopped:"
        " {where_en}. Nothing was kept of the file; send it in several parts, or look"
        " at the shapes that this step is about first.",
    ),
    "took_too_much": (
        "读取所需内存超过上限（{limit} MB），已停止；文件未入库，请分几个文件上传。",
        "Reading needed more than the {limit} MB of memory it may use and was stopped;"
        " nothing was kept of the file, send it in several parts.",
    ),
    "reader_died": (
        "读取该文件的进程意外终止（{detail}）；文件可能已损坏，请重新导出后上传。",
        "The process that read the file ended unexpectedly ({detail}); the file may be"
        " damaged: export it again and send that.",
    ),
}


class FileRefused(Refusal):
    """A file, or the way it was declared, cannot be taken (文件不予接受)."""

    def __init__(self, reason: str, **parts: object) -> None:
        zh, en = _TEXTS[reason]
        super().__init__(reason, zh.format(**parts), en.format(**parts))


class RefusedElsewhere(FileRefused):
    """The child process refused the file; its words are passed on."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        Refusal.__init__(self, reason, zh, en)
