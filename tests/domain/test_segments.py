"""What a text message costs is counted in parts, before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.messaging.segments import BASIC, EXTENSION, GSM_7, UCS_2, Segments, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Segments(GSM_7, 0, 1), id="an empty text is one all the same"),
        pytest.param("a" * 160, Segments(GSM_7, 160, 1), id="160 letters fit into one"),
        pytest.param("a" * 161, Segments(GSM_7, 161, 2), id="161 take two"),
        pytest.param("a" * 306, Segments(GSM_7, 306, 2), id="two hold 153 each"),
        pytest.param("a" * 307, Segments(GSM_7, 307, 3), id="307 take three"),
        pytest.param("€" * 80, Segments(GSM_7, 160, 1), id="a euro sign takes two places"),
        pytest.param("€" * 81, Segments(GSM_7, 162, 2), id="81 of them take two parts"),
        pytest.param("a" * 152 + "€" + "a" * 152, Segments(GSM_7, 306, 3), id="an escaped character is not cut in two"),
        pytest.param("Ünß Ñøé £5 @ Δ", Segments(GSM_7, 14, 1), id="accents of the alphabet are letters like others"),
        pytest.param("ç", Segments(UCS_2, 1, 1), id="a small c with a cedilla is not in it, the capital is"),
        pytest.param("It’s", Segments(UCS_2, 4, 1), id="a curly quote makes all of it UCS-2"),
        pytest.param("预" * 70, Segments(UCS_2, 70, 1), id="70 Chinese characters fit into one"),
        pytest.param("预" * 71, Segments(UCS_2, 71, 2), id="71 take two"),
        pytest.param("预" * 134, Segments(UCS_2, 134, 2), id="two hold 67 each"),
        pytest.param("预" * 135, Segments(UCS_2, 135, 3), id="135 take three"),
        pytest.param("😀" * 35, Segments(UCS_2, 70, 1), id="an emoji takes two places"),
        pytest.param("😀" * 36, Segments(UCS_2, 72, 2), id="36 of them take two parts"),
        pytest.param("预" * 66 + "😀" + "预" * 66, Segments(UCS_2, 134, 3), id="a surrogate pair is not cut in two"),
    ],
)
def test_a_text_takes_so_many_parts(text: str, expected: Segments) -> None:
    """By the alphabet that its letters need, and no sign that takes two places is cut in two."""
    assert segments(text) == expected


def test_the_alphabet_has_127_characters_and_ten_extensions() -> None:
    """3GPP TS 23.038, table 6.2.1: 128 places, one of them the escape to the extensions."""
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=500))
def test_parts_hold_what_they_are_said_to_hold(text: str) -> None:
    """A part that stands alone holds more than one of several, as the networks count."""
    counted = segments(text)
    alone, joined = (160, 153) if counted.encoding == GSM_7 else (70, 67)
    if counted.encoding == UCS_2:
        assert counted.units == len(text.encode("utf-16-be")) // 2
    if counted.count == 1:
        assert counted.units <= alone
    else:
        assert counted.units > alone
        assert (counted.count - 1) * (joined - 1) < counted.units <= counted.count * joined


@given(st.text(alphabet=sorted(BASIC | EXTENSION), max_size=400), st.sampled_from(sorted(BASIC)))
def test_a_longer_text_never_takes_fewer_parts(text: str, more: str) -> None:
    """Within the plain alphabet, where no letter makes all the others dearer."""
    assert segments(text).count <= segments(text + more).count
