"""Every setting that the API takes can be set in the browser, says what it is and does in every language, and has its
input there; those that stand in a list of their own have a view of their own.
"""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from kept.api.business.business_settings import BusinessSettings, ChargeSettings
from kept.api.business.hours_settings import HoursSettings
from kept.api.business.requests import MoneySettings, RoomSettings, ServiceSettings, StaffSettings
from kept.booking.breaks import Why
from kept.pages.desk import assets, files

WORDS = files.words()
KINDS: dict[str, type[BaseModel]] = {
    "business": BusinessSettings,
    "services": ServiceSettings,
    "staff": StaffSettings,
    "rooms": RoomSettings,
}
WHOLE = (MoneySettings, ChargeSettings)
"""Set by one input each."""
BESIDE = {"services.order"}
"""Moved by the arrows of the list."""
SCRIPT = "\n".join(source for name, source in assets.sources() if name.startswith("desk/settings/"))


def fields(shape: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in shape.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in WHOLE:
            yield from fields(kind, f"{before}{name}.")
        elif name != "revision":
            yield f"{before}{name}"


SETTINGS = [f"{kind}.{at}" for kind, shape in KINDS.items() for at in fields(shape)]


@pytest.mark.parametrize("setting", sorted({*SETTINGS} - BESIDE))
def test_every_setting_says_what_it_is_and_does_and_has_its_input(setting: str) -> None:
    for language, said in WORDS.items():
        assert said.get(f"set.{setting}"), (language, setting)
        assert str(said.get(f"set_does.{setting}", ""))[-1:] in {".", "。"}, (language, setting)
    kind, _, at = setting.partition(".")
    group, _, part = at.rpartition(".")
    assert f'"{at}"' in SCRIPT or (group == "strangers" and f'"{part}"' in SCRIPT), (kind, at)


def test_no_setting_is_told_of_that_there_is_not() -> None:
    told = {key.partition(".")[2] for key in WORDS["en"] if re.match(r"set(_does)?\.", key)}
    assert told == {*SETTINGS} - BESIDE
    assert {"staff.hours.weekly", "rooms.hours"} <= {*SETTINGS}
    assert set(fields(HoursSettings)) == {"weekly", "overrides", "time_off"}


def test_everything_that_stands_in_a_visit_s_way_has_words() -> None:
    assert {f"broken.{why}" for why in Why} <= WORDS["en"].keys()


def test_every_part_says_what_it_is_for() -> None:
    """And has an address: the name of its words."""
    parts = {key.partition(".")[2] for key in WORDS["en"] if key.startswith("part.")}
    assert parts == {key.partition(".")[2] for key in WORDS["en"] if key.startswith("part_does.")}
    assert {part for part in parts if f'["{part}"' not in SCRIPT and f"  {part}: [" not in SCRIPT} == set()
