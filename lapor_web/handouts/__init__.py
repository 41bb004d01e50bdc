"""What is handed out: the figures and reports of a period, a meeting, an office or a year, on paper and as files.

One table (`tables.py`) is drawn as markup, PDF, XLSX and CSV, so no file can say another number than the next.
"""
