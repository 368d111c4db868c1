"""Files for spreadsheets: CSV as RFC 4180 has it, no cell of which is reckoned with."""

import csv
import io
from collections.abc import Iterable

from aws_lambda_powertools.event_handler import Response

CSV = "text/csv; charset=utf-8"
BOM = "\ufeff"
"""By this Excel knows that it is UTF-8."""
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What a spreadsheet would reckon with, if a cell began with it, or with spaces before it."""


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: str) -> str:
    """What could be a formula begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def as_file(name: str, text: str) -> Response[str]:
    """Which the browser keeps under that name."""
    return Response(200, CSV, text, headers={"Content-Disposition": f'attachment; filename="{name}"'})
