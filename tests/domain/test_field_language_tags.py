"""A language is known by every spelling that people, browsers and machines have for it; what is none of ours is the
fallback, and one function decides for the pages, the API, what is stored and the messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.channels import Channel
from kept.clients.guest import Details, guest
from kept.language_tags import LANGUAGES, accepted, meant, spoken
from kept.messaging.words import words_in
from kept.pages import language as pages
from tests.builders import BOOKED, a_catalog

SPELT = {
    "zh-Hans": "zh-Hans", "zh-hans": "zh-Hans", "ZH-HANS": "zh-Hans", "zh_Hans": "zh-Hans", "zh_CN": "zh-Hans",
    "ZH-cn": "zh-Hans", "zh-CN": "zh-Hans", "zh": "zh-Hans", "ZH": "zh-Hans", "zh-Hans-CN": "zh-Hans",
    "zh-Hans-SG": "zh-Hans", "zh_SG": "zh-Hans", "zh_TW": "zh-Hans", "zh-Hant-HK": "zh-Hans", "zh-HK": "zh-Hans",
    "zh_CN.UTF-8": "zh-Hans", "zh_CN.GB18030": "zh-Hans", "zh_CN@stroke": "zh-Hans", " zh-CN ": "zh-Hans",
    "zh-CN-u-co-pinyin": "zh-Hans", "zh-cmn-Hans-CN": "zh-Hans", "cmn": "zh-Hans", "cmn-Hans-CN": "zh-Hans",
    "yue": "zh-Hans", "yue-HK": "zh-Hans", "zho": "zh-Hans", "chi": "zh-Hans", "wuu-CN": "zh-Hans",
    "en": "en", "EN": "en", "en_GB": "en", "en-GB": "en", "en_GB.UTF-8": "en", "en_US.utf8": "en", "en-us": "en",
    "en-Latn-GB": "en", "eng": "en", "en-001": "en", "en-US-x-private": "en", "en_GB@euro": "en",
}  # fmt: skip
NONE = [
    "", " ", "*", "-", "_", "fr", "de-DE", "ja_JP.UTF-8", "C", "POSIX", "C.UTF-8", "x", "x-klingon", "i-default", "und",
    "english", "Chinese", "中文", "zh--CN", "-zh", "zh CN", "zhx", "zhongwen", "en;q=0.5", "en,zh", "../../etc/passwd",
    "en\n", "en\x00", "<script>", "enm", "e", "1", "zh-CN-" + "a" * 9, "ＺＨ",
]  # fmt: skip


@pytest.mark.parametrize(("tag", "ours"), SPELT.items())
def test_every_spelling_is_one_of_ours_everywhere(tag: str, ours: str) -> None:
    """A client is shown, stored and written to in one language, however a machine spells it."""
    assert spoken(tag) == meant(tag) == ours
    assert pages.language(tag).tag == ours
    assert words_in(tag).language == ours
    agreed = Details("Ann", phone="+8613812345678", agrees_to=(Channel.SMS,), locale=tag)
    assert guest(agreed, a_catalog().business, "c", source="", words="", now=BOOKED).locale == ours


@pytest.mark.parametrize("tag", [tag for tag in NONE if tag.strip() != "en"])
def test_what_is_none_of_ours_is_the_fallback_everywhere(tag: str) -> None:
    """A reader whose language we lack gets English, on the pages and in messages alike."""
    assert spoken(tag) is None
    assert meant(tag) == pages.language(tag).tag == words_in(tag).language == "en"


def test_the_next_wish_is_asked_where_one_is_not_spoken() -> None:
    """Who names several languages gets the first of them that we have, and who names none gets English."""
    assert meant("fr", None, "zh_TW", "en") == "zh-Hans"
    assert meant() == "en"


@pytest.mark.parametrize(
    ("tag", "ours"),
    [("zh-TW", "zh-Hant"), ("zh_HK", "zh-Hant"), ("zh-Hans-HK", "zh-Hans"), ("yue", "zh-Hant"), ("zh-SG", "zh-Hans"),
     ("pt", "pt-BR"), ("pt-PT", "pt-BR")],
)  # fmt: skip
def test_with_more_languages_the_script_decides(tag: str, ours: str) -> None:
    """Readers of Hong Kong and Taiwan get traditional characters, unless their tag says simplified."""
    assert spoken(tag, ["en", "pt-BR", "zh-Hans", "zh-Hant"]) == ours


@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        pytest.param("zh-CN,zh;q=0.9,en;q=0.8", ["zh-CN", "zh", "en"], id="a browser's"),
        pytest.param("en;q=0.5, zh-TW", ["zh-TW", "en"], id="by weight"),
        pytest.param("en;q=0, zh", ["zh"], id="one that is not wanted"),
        pytest.param("zh;q=0.000,en;q=0.001", ["en"], id="hardly wanted"),
        pytest.param("zh;q=nan,en", ["zh", "en"], id="not a number"),
        pytest.param("zh;q=inf,en;q=-1", ["zh", "en"], id="no weight"),
        pytest.param("zh; Q = 0.3 ,en;q=1.0", ["en", "zh"], id="spaces and capitals"),
        pytest.param("", [""], id="nothing"),
        pytest.param("*", ["*"], id="anything"),
    ],
)
def test_a_browser_s_wishes_are_read_by_their_weight(header: str, wishes: list[str]) -> None:
    """What a reader refuses is left out; a weight that is no number refuses nothing."""
    assert accepted(header) == wishes


def test_a_header_without_end_is_read_to_its_limit() -> None:
    """Nobody keeps the server busy with a list of languages."""
    assert len(accepted("en," * 100_000)) <= 20


def test_pages_and_messages_speak_the_same_languages() -> None:
    assert pages.LANGUAGES == LANGUAGES


@given(st.text(max_size=40))
def test_whatever_is_named_is_one_of_ours(tag: str) -> None:
    assert meant(tag) in LANGUAGES
    assert all(meant(wish) in LANGUAGES for wish in accepted(tag))
