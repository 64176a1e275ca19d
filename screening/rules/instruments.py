"""Which laws, regulations, plans and standards do the rules cite? (core, data).

Titles only; what was read of each and how sure we are stands with the citation. The
articles listed in section 6 of the rule table carry the marks used here.
"""

from __future__ import annotations

from typing import Final

from parcels.numerals import write_numeral
from parcels.texts import Text
from screening.rules.rule import Citation, Mark, Verification

SOIL_LAW: Final = Text(
    "《中华人民共和国土壤污染防治法》（2019年1月1日施行）",
    "Soil Pollution Prevention and Control Law (in force 2019-01-01)",
)
LAND_LAW: Final = Text(
    "《中华人民共和国土地管理法》（2019年修正）",
    "Land Management Law (amended 2019)",
)
LAND_REGULATION: Final = Text(
    "《中华人民共和国土地管理法实施条例》（2021年修订）",
    "Regulation on the Land Management Law (2021)",
)
BASIC_FARMLAND_REGULATION: Final = Text(
    "《基本农田保护条例》", "Regulation on the Protection of Basic Farmland"
)
CONTRACTING_LAW: Final = Text(
    "《中华人民共和国农村土地承包法》（2018年修正）",
    "Rural Land Contracting Law (amended 2018)",
)
PRODUCT_SAFETY_LAW: Final = Text(
    "《中华人民共和国农产品质量安全法》（2022年修订）",
    "Agricultural Product Quality Safety Law (2022)",
)
GROUNDWATER_REGULATION: Final = Text(
    "《地下水管理条例》（2021年）", "Groundwater Regulation (2021)"
)
ORDER_42: Final = Text(
    "《污染地块土壤环境管理办法（试行）》（原环境保护部令第42号，2017年7月1日施行）",
    "Measures on contaminated plots (Order 42 of 2016, in force 2017-07-01)",
)
ORDER_3: Final = Text(
    "《工矿用地土壤环境管理办法（试行）》（生态环境部令第3号，2018年8月1日施行）",
    "Measures on industrial and mining land (Order 3 of 2018, in force 2018-08-01)",
)
SOIL_ACTION_PLAN: Final = Text(
    "《土壤污染防治行动计划》（国发〔2016〕31号）",
    "Soil pollution action plan (国发〔2016〕31号)",
)
HEALTH_DISTANCE: Final = Text(
    "《大气有害物质无组织排放卫生防护距离推导技术导则》（GB/T 39499-2020）",
    "Derivation of health-protection distances of fugitive emissions (GB/T 39499-2020)",
)
HJ_25_1: Final = Text(
    "《建设用地土壤污染状况调查技术导则》（HJ 25.1）",
    "Guideline for soil investigation of development land (HJ 25.1)",
)
GUANGDONG_MEASURES: Final = Text(
    "《广东省实施〈中华人民共和国土壤污染防治法〉办法》（2018年）",
    "Guangdong measures implementing the Soil Law (2018)",
)
CLEAN_SOIL_CONFERENCE: Final = Text(
    "生态环境部、农业农村部净土保卫战视频会议（2020年5月12日）",
    "Joint video conference of two ministries on clean soil (2020-05-12)",
)
GB_36600: Final = Text(
    "《土壤环境质量 建设用地土壤污染风险管控标准（试行）》（GB 36600-2018）",
    "Risk control standard for soil contamination of development land (GB 36600-2018)",
)
ACCOUNTING_METHOD: Final = Text(
    "重点建设用地安全利用核算方法（环办土壤函〔2023〕7号）",
    "Accounting method for the safe use of key development land "
    "(环办土壤函〔2023〕7号)",
)
ANHUI_NOTICE: Final = Text(
    "安徽省建设用地土壤环境管理联合通知（2026年1月）",
    "Joint notice of Anhui on soil of development land (2026-01)",
)
HENAN_DRAFT: Final = Text(
    "河南省重点建设用地通知（2023年征求意见稿）",
    "Draft notice of Henan on key development land (2023, for comment)",
)
LIANGSHAN_PLAN: Final = Text(
    "《凉山州土壤污染防治工作方案》（凉府发〔2017〕6号）",
    "Liangshan work plan on soil pollution (凉府发〔2017〕6号)",
)
ZHENGZHOU_PLAN: Final = Text(
    "《郑州市2019年土壤污染防治攻坚战实施方案》",
    "Zhengzhou implementation plan of 2019 on soil pollution",
)
RESERVE_REGULATION: Final = Text(
    "《中华人民共和国自然保护区条例》（2017年修订）",
    "Regulation on nature reserves (2017)",
)
REDLINE_NOTICE: Final = Text(
    "自然资源部、生态环境部、国家林业和草原局关于加强生态保护红线管理的通知（试行）（自然资发〔2022〕142号）",
    "Redline notice of three ministries, on trial (自然资发〔2022〕142号)",
)
WATER_LAW: Final = Text(
    "《中华人民共和国水污染防治法》（2017年修正）",
    "Water Pollution Prevention and Control Law (amended 2017)",
)
HJ_338: Final = Text(
    "《饮用水水源保护区划分技术规范》（HJ 338-2018）",
    "Guideline for delimiting drinking-water source zones (HJ 338-2018)",
)
SIX_GUARANTEES: Final = Text(
    "《关于在疫情防控常态化前提下积极服务落实“六保”任务坚决打赢打好污染防治攻坚战的意见》"
    "（环厅〔2020〕27号）",
    "Opinions of the ministry on the six guarantees (环厅〔2020〕27号)",
)
SOLID_WASTE_LAW: Final = Text(
    "《中华人民共和国固体废物污染环境防治法》（2020年修订）",
    "Solid Waste Law (revised 2020)",
)
YANGTZE_LAW: Final = Text("《中华人民共和国长江保护法》", "Yangtze Protection Law")
YELLOW_RIVER_LAW: Final = Text(
    "《中华人民共和国黄河保护法》", "Yellow River Protection Law"
)
TAILINGS_STANDARD: Final = Text(
    "《尾矿设施设计规范》（GB 50863-2013）",
    "Code for the design of tailings facilities (GB 50863-2013)",
)
TAILINGS_PLAN: Final = Text(
    "防范化解尾矿库安全风险工作方案（应急〔2020〕15号）",
    "Plan on the safety of tailings ponds (应急〔2020〕15号)",
)
LOCAL_PRACTICE: Final = Text("地方实践", "local practice")
DESIGN: Final = Text("本系统设计", "design of this system")

READ_IN_LAW: Final = Text("已读法律原文", "text of the law was read")
READ_IN_PLAN: Final = Text("已读政策原文", "text of the plan was read")
INFERRED: Final = Text("由条文推得，非条文明定", "inferred, not said in terms")
RECALLED_HIGH: Final = Text(
    "条号凭记忆，把握较高", "article from memory, high confidence"
)
RECALLED: Final = Text("条号凭记忆", "article from memory")
OWN_CHOICE: Final = Text("产品设计", "the project's own choice")
NO_ARTICLE: Final = Text("", "")


def article(number: int, *paragraphs: int) -> Text:
    """Return an article with its paragraphs as it is cited in either language.

    Examples
    --------
    >>> article(61, 2)
    Text(zh='第六十一条第二款', en='Art. 61(2)')
    """
    zh = f"第{write_numeral(number)}条"
    if paragraphs:
        zh += "、".join(f"第{write_numeral(paragraph)}款" for paragraph in paragraphs)
    en = f"Art. {number}" + "".join(f"({paragraph})" for paragraph in paragraphs)
    return Text(zh, en)


def item(number: int, place: int) -> Text:
    """Return an item (项) of an article whose only paragraph lists several.

    Examples
    --------
    >>> item(91, 4)
    Text(zh='第九十一条第四项', en='Art. 91, item 4')
    """
    where = article(number)
    return Text(f"{where.zh}第{write_numeral(place)}项", f"{where.en}, item {place}")


def articles(*numbers: int) -> Text:
    """Return several articles.

    Examples
    --------
    >>> articles(60, 61).zh
    '第六十条、第六十一条'
    """
    return Text(
        "、".join(article(number).zh for number in numbers),
        "Art. " + ", ".join(str(number) for number in numbers),
    )


def law(
    document: Text,
    where: Text,
    verification: Verification = "verified",
    confidence: Text = READ_IN_LAW,
) -> Citation:
    """Cite a law, regulation or standard; read in its text unless said otherwise."""
    return Citation(document, where, verification, confidence)


def recalled(document: Text, where: Text, confidence: Text = RECALLED) -> Citation:
    """Cite from memory; the mark stays in every answer."""
    return Citation(document, where, "recalled", confidence)


def another_province(document: Text, where: Text) -> Citation:
    """Cite what was read of the law of one province; it is followed here by design."""
    followed = Text(
        "条文已核对；外省规定，此处按产品设计参照",
        "text read; law of another province, followed here by design",
    )
    return Citation(document, where, "design_choice", followed)


def liangshan(*items: int) -> Citation:
    """Cite items of the Liangshan plan."""
    zh = "第" + "、".join(str(item) for item in items) + "项"
    en = "items " if len(items) > 1 else "item "
    where = Text(zh, en + ", ".join(str(item) for item in items))
    return _local(LIANGSHAN_PLAN, where, "liangshan")


def zhengzhou(section: str) -> Citation:
    """Cite a section of the Zhengzhou plan, e.g. `三(三)2`."""
    zh = section.replace("(", "（").replace(")", "）")
    where = Text(zh, f"section {section}")
    return _local(ZHENGZHOU_PLAN, where, "zhengzhou")


def _local(document: Text, where: Text, place: Mark) -> Citation:
    return Citation(document, where, "verified", READ_IN_PLAN, place)


def design(what: Text = OWN_CHOICE) -> Citation:
    """Cite the project's own choice."""
    return Citation(DESIGN, NO_ARTICLE, "design_choice", what)
