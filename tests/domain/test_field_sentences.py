"""Two sentences beside each other on a client's page: a space stands between them where the language has one."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from kept.business.catalog import Money
from kept.pages import language as languages
from kept.pages.language import language

TEMPLATES = sorted((Path(languages.__file__).with_name("templates")).glob("*.html"))
JOINED = re.compile(r"\}\} (?:\{%[^%]*%\})?\{\{ t\(|\{% if [^%]*%\} \{\{ t\(|t\([^}]*\) \}\} \{%")
"""Words beside words with a space that no language was asked about."""


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        pytest.param(("Free.", "Later it costs $5."), "Free. Later it costs $5.", id="English"),
        pytest.param(("免费。", "之后收取¥5。"), "免费。之后收取¥5。", id="Chinese"),
        pytest.param(("请检查：", "预约"), "请检查：预约", id="after a colon"),
        pytest.param(("真的？", "是！", "好"), "真的？是！好", id="after a question and a cry"),
        pytest.param(("Lotus 莲", "好。"), "Lotus 莲 好。", id="after a word there is one"),
        pytest.param(("", "A.", "", "B."), "A. B.", id="what is empty is left out"),
        pytest.param((), "", id="nothing"),
        pytest.param(("\nA.\n", " B. "), "A. B.", id="what a template left round it"),
        pytest.param((Markup("<strong>晚了。</strong>"), "收费。"), "<strong>晚了。</strong>收费。", id="markup"),
        pytest.param(("<b>", Markup("<i>x</i>")), "&lt;b&gt; <i>x</i>", id="words beside markup are escaped"),
    ],
)
@pytest.mark.parametrize("tag", ["en", "zh-Hans"])
def test_sentences_stand_beside_each_other(tag: str, said: tuple[str, ...], whole: str) -> None:
    """By the sign they end with, so that a business's own words in another language are joined as well."""
    assert language(tag).sentences(*said) == whole


@pytest.mark.parametrize(
    ("money", "english", "chinese"),
    [
        (Money(12_800, "CNY"), "CN¥128", "¥128"),
        (Money(4_990, "USD"), "$49.90", "US$49.90"),
        (Money(4_900, "USD"), "$49", "US$49"),
        (Money(1, "USD"), "$0.01", "US$0.01"),
        (Money(5_000, "JPY"), "¥5,000", "JP¥5,000"),
        (Money(1_500, "BHD"), "BHD1.500", "BHD1.500"),
        (Money(0, "CNY"), "CN¥0", "¥0"),
    ],
    ids=str,
)
def test_a_price_has_decimals_only_where_they_are_not_nought(money: Money, english: str, chinese: str) -> None:
    """As many as the currency has: none of a yen, three of a dinar."""
    assert (language("en").price(money), language("zh-Hans").price(money)) == (english, chinese)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda it: it.stem)
def test_no_template_joins_sentences_by_itself(template: Path) -> None:
    assert JOINED.findall(template.read_text(encoding="utf-8")) == []
