"""The product's clock as the console sets it: seconds ahead of real time, in the instance's clock file."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local import clock


class ProductClock:
    """The clock of one instance; its Lambdas read the same file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead()

    def ahead(self) -> timedelta:
        return clock.ahead(self._file)

    def set(self, instant: datetime) -> None:
        """From now on it is `instant` and going on from there. The file is replaced whole, so no reader sees half."""
        draft = self._file.with_suffix(f".{os.getpid()}")
        draft.write_text(str((instant - datetime.now(UTC)).total_seconds()))
        draft.replace(self._file)

    def back_to_real(self) -> None:
        self._file.unlink(missing_ok=True)
