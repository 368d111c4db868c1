"""The walks of the README: each names every file that a booking, a reminder, a reply and a breach pass, once."""

import functools
import gc
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
from kept.storage import catalogs
from tests.sample_events import ROOT, Sample, samples, the_world

LAYER = ROOT / "layers" / "kept" / "kept"
WALKS = {
    "A booking": ("booking/book",),
    "A reminder": ("reminder_fan_out/every_minute", "reminder_worker/touchpoints", "message_sender/messages"),
    "A reply": ("inbound_message/inbound-sms_reply",),
    "A breach": ("follow_up_sla/every_minute", "follow_up_worker/follow_ups"),
}
EVERYWHERE = "What all of them pass"


@pytest.fixture(autouse=True)
def _world() -> None:
    """As in a Lambda that has just been started: whatever another test looked up is looked up again."""
    the_world()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    catalogs.forget()
    for it in (*gc.get_objects(), *_of_the_replies()):
        if isinstance(it, functools._lru_cache_wrapper) and str(it.__module__).startswith("kept."):
            it.cache_clear()


def _of_the_replies() -> Iterator[object]:
    """Their tables are read once by a process, by whichever file asks first; what was there when the tests were
    collected is no longer among what gc knows."""
    for name, module in list(sys.modules.items()):
        if name.startswith("kept.messaging.replies"):
            yield from vars(module).values()


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_names_every_file_it_passes_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is passed when one of its functions is called; the order is that of the first calls."""
    by_name = {str(sample): sample for sample in samples()}
    passed = _passed((by_name[one] for one in WALKS[name]), monkeypatch)
    everywhere = set(_named(EVERYWHERE))
    assert list(_named(name)) == [file for file in passed if file not in everywhere]


def _passed(events: Iterable[Sample], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: dict[str, None] = {}

    def look(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event != "call" or frame.f_code.co_name == "<module>" or path.suffix != ".py":
            return
        if path.is_relative_to(ROOT / "functions"):
            found[str(path.relative_to(ROOT))] = None
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
    return list(found)


def _named(walk: str) -> Iterator[str]:
    """Between backticks in the README's paragraph that begins with this."""
    found = re.search(rf"^\*\*{walk}\*\*(.*?)\n\n", (ROOT / "README.md").read_text(), re.S | re.M)
    assert found
    yield from re.findall(r"`([\w/]+\.py)`", found.group(1))
