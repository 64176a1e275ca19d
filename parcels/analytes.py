"""What does a laboratory measure, and under which names? (core, data).

One code an item (检测项目), with the names offices and laboratories write for it. The
monitored elements of the plans (R-C20: Cd, Hg, As, Pb, Zn, Cr, Mn, Cu, V, Ti, Ni, PAH,
petroleum hydrocarbons), the items of GB 15618-2018 and of GB 36600-2018, and pH. Names
and CAS numbers of the items of the two standards as transcribed in the domain notes
(verified), the others recalled; further names are plain language. Brackets, blanks,
width and case do not matter when a name is looked up.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from parcels.refusal import Language


@dataclass(frozen=True, slots=True)
class Analyte:
    """One item a laboratory reports (检测项目).

    Attributes
    ----------
    code
        As the register keeps it: the element's symbol, else an English name.
    cas
        CAS number, empty where there is none (sums).
    """

    code: str
    name_zh: str
    name_en: str
    cas: str = ""
    other_names: tuple[str, ...] = ()


def _one(code: str, zh: str, en: str, cas: str = "", *names: str) -> Analyte:
    return Analyte(code, zh, en, cas, names)


PH: Final = "pH"

ANALYTES: Final[tuple[Analyte, ...]] = (
    _one(PH, "pH值", "pH", "", "pH", "酸碱度", "土壤pH", "pH（H2O）"),
    _one("Cd", "镉", "cadmium", "7440-43-9", "总镉", "全镉"),
    _one("Hg", "汞", "mercury", "7439-97-6", "总汞", "全汞"),
    _one("As", "砷", "arsenic", "7440-38-2", "总砷", "全砷"),
    _one("iAs", "无机砷", "inorganic arsenic", "", "i-As"),
    _one("Pb", "铅", "lead", "7439-92-1", "总铅", "全铅"),
    _one("Cr", "铬", "chromium", "7440-47-3", "总铬", "全铬", "铬（总）"),
    _one("Cu", "铜", "copper", "7440-50-8", "总铜", "全铜"),
    _one("Ni", "镍", "nickel", "7440-02-0", "总镍", "全镍"),
    _one("Zn", "锌", "zinc", "7440-66-6", "总锌", "全锌"),
    _one("Mn", "锰", "manganese", "7439-96-5", "总锰", "全锰"),
    _one("V", "钒", "vanadium", "7440-62-2", "总钒"),
    _one("Ti", "钛", "titanium", "7440-32-6", "总钛"),
    _one("Co", "钴", "cobalt", "7440-48-4", "总钴"),
    _one("Sb", "锑", "antimony", "7440-36-0", "总锑"),
    _one("Be", "铍", "beryllium", "7440-41-7", "总铍"),
    _one("PAH_TOTAL", "多环芳烃", "polycyclic aromatic hydrocarbons", "", "PAHs"),
    _one("HCH_TOTAL", "六六六总量", "total HCH", "", "六六六", "HCH"),
    _one("DDT_TOTAL", "滴滴涕总量", "total DDT", ""),
    _one("delta_HCH", "δ-六六六", "delta-HCH", "319-86-8", "δ-HCH"),
    _one("op_DDT", "o,p'-滴滴涕", "o,p'-DDT", "789-02-6"),
    _one("pp_DDT", "p,p'-滴滴涕", "p,p'-DDT"),
    _one(
        "Cr6", "铬（六价）", "chromium (VI)", "18540-29-9", "Cr(VI)", "六价铬", "Cr6+"
    ),
    _one("carbon_tetrachloride", "四氯化碳", "carbon tetrachloride", "56-23-5"),
    _one("chloroform", "氯仿", "chloroform", "67-66-3"),
    _one("chloromethane", "氯甲烷", "chloromethane", "74-87-3"),
    _one("1_1_dichloroethane", "1,1-二氯乙烷", "1,1-dichloroethane", "75-34-3"),
    _one("1_2_dichloroethane", "1,2-二氯乙烷", "1,2-dichloroethane", "107-06-2"),
    _one("1_1_dichloroethylene", "1,1-二氯乙烯", "1,1-dichloroethylene", "75-35-4"),
    _one(
        "cis_1_2_dichloroethylene",
        "顺-1,2-二氯乙烯",
        "cis-1,2-dichloroethylene",
        "156-59-2",
    ),
    _one(
        "trans_1_2_dichloroethylene",
        "反-1,2-二氯乙烯",
        "trans-1,2-dichloroethylene",
        "156-60-5",
    ),
    _one("dichloromethane", "二氯甲烷", "dichloromethane", "75-09-2"),
    _one("1_2_dichloropropane", "1,2-二氯丙烷", "1,2-dichloropropane", "78-87-5"),
    _one(
        "1_1_1_2_tetrachloroethane",
        "1,1,1,2-四氯乙烷",
        "1,1,1,2-tetrachloroethane",
        "630-20-6",
    ),
    _one(
        "1_1_2_2_tetrachloroethane",
        "1,1,2,2-四氯乙烷",
        "1,1,2,2-tetrachloroethane",
        "79-34-5",
    ),
    _one("tetrachloroethylene", "四氯乙烯", "tetrachloroethylene", "127-18-4"),
    _one("1_1_1_trichloroethane", "1,1,1-三氯乙烷", "1,1,1-trichloroethane", "71-55-6"),
    _one("1_1_2_trichloroethane", "1,1,2-三氯乙烷", "1,1,2-trichloroethane", "79-00-5"),
    _one("trichloroethylene", "三氯乙烯", "trichloroethylene", "79-01-6"),
    _one(
        "1_2_3_trichloropropane", "1,2,3-三氯丙烷", "1,2,3-trichloropropane", "96-18-4"
    ),
    _one("vinyl_chloride", "氯乙烯", "vinyl chloride", "75-01-4"),
    _one("benzene", "苯", "benzene", "71-43-2"),
    _one("chlorobenzene", "氯苯", "chlorobenzene", "108-90-7"),
    _one("1_2_dichlorobenzene", "1,2-二氯苯", "1,2-dichlorobenzene", "95-50-1"),
    _one("1_4_dichlorobenzene", "1,4-二氯苯", "1,4-dichlorobenzene", "106-46-7"),
    _one("ethylbenzene", "乙苯", "ethylbenzene", "100-41-4"),
    _one("styrene", "苯乙烯", "styrene", "100-42-5"),
    _one("toluene", "甲苯", "toluene", "108-88-3"),
    _one("mp_xylene", "间二甲苯+对二甲苯", "m-xylene + p-xylene", "108-38-3"),
    _one("o_xylene", "邻二甲苯", "o-xylene", "95-47-6"),
    _one("nitrobenzene", "硝基苯", "nitrobenzene", "98-95-3"),
    _one("aniline", "苯胺", "aniline", "62-53-3"),
    _one("2_chlorophenol", "2-氯酚", "2-chlorophenol", "95-57-8"),
    _one("benzo_a_anthracene", "苯并[a]蒽", "benzo[a]anthracene", "56-55-3"),
    _one("BaP", "苯并[a]芘", "benzo[a]pyrene", "50-32-8", "苯并芘", "B[a]P"),
    _one("benzo_b_fluoranthene", "苯并[b]荧蒽", "benzo[b]fluoranthene", "205-99-2"),
    _one("benzo_k_fluoranthene", "苯并[k]荧蒽", "benzo[k]fluoranthene", "207-08-9"),
    _one("chrysene", "䓛", "chrysene", "218-01-9", "屈"),
    _one(
        "dibenzo_a_h_anthracene", "二苯并[a,h]蒽", "dibenzo[a,h]anthracene", "53-70-3"
    ),
    _one(
        "indeno_1_2_3_cd_pyrene",
        "茚并[1,2,3-cd]芘",
        "indeno[1,2,3-cd]pyrene",
        "193-39-5",
    ),
    _one("naphthalene", "萘", "naphthalene", "91-20-3"),
    _one("MeHg", "甲基汞", "methylmercury", "22967-92-6"),
    _one("CN", "氰化物", "cyanide", "57-12-5", "总氰化物"),
    _one("bromodichloromethane", "一溴二氯甲烷", "bromodichloromethane", "75-27-4"),
    _one("bromoform", "溴仿", "bromoform", "75-25-2"),
    _one("dibromochloromethane", "二溴氯甲烷", "dibromochloromethane", "124-48-1"),
    _one("1_2_dibromoethane", "1,2-二溴乙烷", "1,2-dibromoethane", "106-93-4"),
    _one(
        "hexachlorocyclopentadiene",
        "六氯环戊二烯",
        "hexachlorocyclopentadiene",
        "77-47-4",
    ),
    _one("2_4_dinitrotoluene", "2,4-二硝基甲苯", "2,4-dinitrotoluene", "121-14-2"),
    _one("2_4_dichlorophenol", "2,4-二氯酚", "2,4-dichlorophenol", "120-83-2"),
    _one("2_4_6_trichlorophenol", "2,4,6-三氯酚", "2,4,6-trichlorophenol", "88-06-2"),
    _one("2_4_dinitrophenol", "2,4-二硝基酚", "2,4-dinitrophenol", "51-28-5"),
    _one("pentachlorophenol", "五氯酚", "pentachlorophenol", "87-86-5"),
    _one(
        "bis_2_ethylhexyl_phthalate",
        "邻苯二甲酸二(2-乙基己基)酯",
        "bis(2-ethylhexyl) phthalate",
        "117-81-7",
    ),
    _one(
        "butyl_benzyl_phthalate",
        "邻苯二甲酸丁基苄酯",
        "butyl benzyl phthalate",
        "85-68-7",
    ),
    _one(
        "di_n_octyl_phthalate", "邻苯二甲酸二正辛酯", "di-n-octyl phthalate", "117-84-0"
    ),
    _one(
        "3_3_dichlorobenzidine", "3,3'-二氯联苯胺", "3,3'-dichlorobenzidine", "91-94-1"
    ),
    _one("atrazine", "阿特拉津", "atrazine", "1912-24-9"),
    _one("chlordane", "氯丹", "chlordane", "12789-03-6"),
    _one("pp_DDD", "p,p'-滴滴滴", "p,p'-DDD", "72-54-8", "4,4'-DDD"),
    _one("pp_DDE", "p,p'-滴滴伊", "p,p'-DDE", "72-55-9", "4,4'-DDE"),
    _one("DDT", "滴滴涕", "DDT", "50-29-3", "滴滴涕总和"),
    _one("dichlorvos", "敌敌畏", "dichlorvos", "62-73-7"),
    _one("dimethoate", "乐果", "dimethoate", "60-51-5"),
    _one("endosulfan", "硫丹", "endosulfan", "115-29-7"),
    _one("heptachlor", "七氯", "heptachlor", "76-44-8"),
    _one("alpha_HCH", "α-六六六", "alpha-HCH", "319-84-6", "α-HCH"),
    _one("beta_HCH", "β-六六六", "beta-HCH", "319-85-7", "β-HCH"),
    _one("gamma_HCH", "γ-六六六", "gamma-HCH (lindane)", "58-89-9", "γ-HCH", "林丹"),
    _one("hexachlorobenzene", "六氯苯", "hexachlorobenzene", "118-74-1"),
    _one("mirex", "灭蚁灵", "mirex", "2385-85-5"),
    _one("PCB_TOTAL", "多氯联苯（总量）", "PCBs (total)", "", "多氯联苯", "PCBs"),
    _one("PCB126", "3,3',4,4',5-五氯联苯（PCB 126）", "PCB 126", "57465-28-8"),
    _one("PCB169", "3,3',4,4',5,5'-六氯联苯（PCB 169）", "PCB 169", "32774-16-6"),
    _one(
        "dioxin_TEQ",
        "二噁英类（总毒性当量）",
        "dioxins (total TEQ)",
        "",
        "二噁英",
        "二噁英类",
    ),
    _one(
        "PBB_TOTAL",
        "多溴联苯（总量）",
        "polybrominated biphenyls (total)",
        "",
        "多溴联苯",
    ),
    _one(
        "TPH",
        "石油烃（C10-C40）",
        "petroleum hydrocarbons (C10-C40)",
        "",
        "石油烃",
        "C10-C40",
        "石油烃总量",
    ),
)
"""Every item known by name; others are kept as the laboratory writes them."""

FARMLAND_ELEMENTS: Final = ("Cd", "Hg", "As", "Pb", "Cr")
"""The five elements with intervention values; they alone make a category (GB 15618)."""


def find_analyte(name: str) -> Analyte | None:
    """Return the item a name stands for, None when nobody knows it.

    Examples
    --------
    >>> find_analyte(" 总镉 ").code, find_analyte("CADMIUM").code, find_analyte("魔石")
    ('Cd', 'Cd', None)
    """
    return _BY_NAME.get(_plain(name))


def name_analyte(written: str, language: Language) -> str:
    """Return an item by its name in a language, as it is written where nobody knows it.

    Examples
    --------
    >>> name_analyte("总镉", "en"), name_analyte("魔石", "en")
    ('cadmium', '魔石')
    """
    known = find_analyte(written)
    if known is None or language == "zh":
        return written
    return known.name_en


def _plain(name: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return text.translate({ord(one): None for one in '()[]{}（）“”"'})


def _names() -> dict[str, Analyte]:
    named: dict[str, Analyte] = {}
    for one in ANALYTES:
        for name in (one.code, one.name_zh, one.name_en, one.cas, *one.other_names):
            if name:
                named.setdefault(_plain(name), one)
    return named


_BY_NAME: Final = _names()
