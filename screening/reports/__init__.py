"""Documents an office files: tables as a workbook and as PDF."""
