"""The walks of the README: each names every file that a booking, a reminder, a reply and a breach pass, in order."""

import importlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from kept import clock
from kept.runtime import aws
from tests.sample_events import ROOT, Sample, samples, the_world

LAYER = ROOT / "layers" / "kept" / "kept"
WALKS = {
    "A booking": ("booking/book",),
    "A reminder": ("reminder_fan_out/every_minute", "reminder_worker/touchpoints", "message_sender/messages"),
    "A reply": ("inbound_message/inbound-sms_reply",),
    "A breach": ("follow_up_sla/every_minute", "follow_up_worker/follow_ups"),
}


@pytest.fixture(autouse=True)
def _world() -> None:
    the_world()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_names_every_file_it_passes_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is passed when a function of its own is called; what is called from everywhere is named once for all."""
    by_name = {str(sample): sample for sample in samples()}
    passed = _passed((by_name[one] for one in WALKS[name]), monkeypatch)
    told = _told(name)
    assert len(told) == len(set(told))
    assert told == passed


def _passed(events: Iterable[Sample], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In the order in which they are first called."""
    found: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            path = Path(frame.f_code.co_filename)
            if path.is_relative_to(ROOT / "functions"):
                found[f"functions/{path.name}"] = None
            elif path.is_relative_to(LAYER):
                found[str(path.relative_to(LAYER))] = None

    for sample in events:
        handler = importlib.import_module(sample.function).handler
        monkeypatch.setattr(clock, "now", lambda at=sample.happens: at)
        sys.setprofile(look)
        try:
            handler(sample.event, None)
        finally:
            sys.setprofile(None)
    return [file for file in found if file not in _everywhere()]


def _told(name: str) -> list[str]:
    return list(_files(name))


def _everywhere() -> set[str]:
    return set(_files("Everywhere"))


def _files(name: str) -> Iterator[str]:
    """Those between backticks of the paragraph that begins with this name."""
    text = (ROOT / "README.md").read_text()
    found = re.search(rf"^\*\*{name}\*\*(.*?)\n\n", text, re.S | re.M)
    yield from re.findall(r"`([\w/]+\.py)`", found.group(1)) if found else ()
