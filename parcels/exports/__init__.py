"""Layers of the register as files for desktop GIS (数据导出)."""
