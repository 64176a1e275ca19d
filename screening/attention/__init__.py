"""How much attention does an enterprise plot need? 企业地块风险筛查 (R-A02, R-B12).

Indicators and their tree after the technical rules of 环办土壤〔2017〕67号 (number
recalled); every score shipped is a project default, as the official tables are not
public. An office replaces them by rows of the layer `attention_option`.
"""
