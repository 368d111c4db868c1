"""The table by country and what lies around it: each row has sources and their day, and is what the product can do."""

import re
import tomllib
from datetime import date

import pytest

from kept.business.country_rules import FILE, CountryRules, country_rules
from kept.channels import Channel
from kept.messaging.segments import segments

ROWS = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
HEAD = FILE.read_text(encoding="utf-8").partition("[[rule]]")[0]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["countries"][0])


@every_row
def test_every_row_has_sources_and_the_day_they_were_read(row: dict[str, object]) -> None:
    sources, read = row["sources"], row["read"]
    assert isinstance(sources, list)
    assert isinstance(read, date)
    assert sources
    assert all(len(source) > 20 and re.search(r"[A-Za-z]{3}", source) for source in sources)
    assert date(2026, 1, 1) <= read <= date(2026, 12, 31)


@every_row
def test_every_row_is_of_countries_that_a_number_can_be_of(row: dict[str, list[str]]) -> None:
    import phonenumbers

    assert set(row["countries"]) <= set(phonenumbers.SUPPORTED_REGIONS)


@every_row
def test_a_row_says_nothing_that_is_so_anyway(row: dict[str, object]) -> None:
    """What a row does not ask is left out, so that each rule in it can be looked up in its sources."""
    usual = {"links": True, "signature": False, "template": False, "promotional": True, "sender": "any", "stop": []}
    assert not [name for name, value in usual.items() if row.get(name) == value]


def test_every_rule_is_explained_at_the_head_of_the_file() -> None:
    rules = set(CountryRules.__slots__) - {"countries", "sources", "read"}
    explained = {name for line in HEAD.splitlines() for name in re.findall(r"^#   ([a-z_]+(?:, [a-z_]+)?)  ", line)}
    assert rules == {name for names in explained for name in names.split(", ")}


def test_who_advertises_by_text_message_always_has_a_way_out_in_the_words_in_force() -> None:
    for country, rules in country_rules().items():
        assert rules.links or rules.opt_out or rules.promotional, country
        assert segments(rules.opt_out).count <= 1


def test_every_order_of_channels_ends_in_one_that_anybody_can_agree_to() -> None:
    for rules in country_rules().values():
        assert {Channel.SMS, Channel.EMAIL} <= set(rules.channels)
        assert len(set(rules.channels)) == len(rules.channels)
