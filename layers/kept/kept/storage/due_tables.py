"""Where what is due in a lane stands: each of these tables has its index `due`."""

from typing import Any

from kept.lanes import STANDS_IN, Lane
from kept.settings import table
from kept.storage import tables

_BY_NAME: dict[str, Any] = {model.Meta.table_name: model for model in tables.TABLES}
TABLES: dict[Lane, Any] = {lane: _BY_NAME[table(name)] for lane, name in STANDS_IN.items()}
