"""Where one instance keeps what it knows, and the ports it answers on."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).absolute().parents[2]
HERE = Path(__file__).absolute().parent
VENV = ROOT / ".local" / "venv"
REGION = "us-east-1"
STACK_NAME = "kept"
PATIENCE = 180
"""Seconds for what ends by itself where all is well: a machine that is busy with other things is slow, not broken."""


class NotNow(Exception):
    """What stops a command, as the one sentence the person who typed it reads."""


@dataclass(frozen=True, slots=True)
class Place:
    """One instance: its folder, the product's port and the stack's; both on loopback only."""

    folder: Path
    port: int
    stack_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def own_site(self) -> str:
        """The same machine under another name, which makes it another site to a browser."""
        return f"http://localhost:{self.port}"

    @property
    def stack_url(self) -> str:
        return f"http://127.0.0.1:{self.stack_port}"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def clock_file(self) -> Path:
        """Seconds the product's clock is ahead of the real one, as text; none when it is not."""
        return self.folder / "clock"

    @property
    def receivers_file(self) -> Path:
        """Which servers on this machine may be called, a line each; none when it is not there."""
        return self.folder / "receivers"

    @property
    def messages_file(self) -> Path:
        return self.folder / "messages.jsonl"

    @property
    def payments_file(self) -> Path:
        """What the stand-in for Stripe holds."""
        return self.folder / "payments.json"

    @property
    def run_file(self) -> Path:
        return self.folder / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.folder / "lock"


def place_from(folder: str | None, port: int | None, stack_port: int | None) -> Place:
    """The place named on the command line, or else by KEPT_DIR, KEPT_PORT and KEPT_STACK_PORT."""
    return Place(
        folder=(ROOT / (folder or os.environ.get("KEPT_DIR") or ".local")).absolute(),
        port=port or _port("KEPT_PORT", 8765),
        stack_port=stack_port or _port("KEPT_STACK_PORT", 4570),
    )


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise NotNow(f"{variable} must be a port number from 1 to 65535, not {text!r}.")
    return int(text)


def fingerprint(*contents: bytes) -> str:
    """A name for contents: the same for the same bytes in the same order, and short enough for a file name."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()[:24]
