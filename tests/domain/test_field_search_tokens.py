"""A client is found by whatever part of their name, number or address somebody types, however they type it: what is
typed and what is stored are brought to one spelling, and one is the beginning of the other."""

from dataclasses import replace

import pytest

from kept.clients.client import Client
from kept.clients.search_mark import mark
from kept.clients.search_tokens import LONGEST, Matched, Token, alphabetical, tokens, typed
from kept.clients.search_words import MOST_BESIDE, beside
from tests.builders import a_client


def a_person(name: str = "Li Na", phone: str | None = None, email: str | None = None) -> Client:
    return replace(a_client(), name=name, phone=phone, email=email)


def found_by(client: Client, text: str) -> set[str]:
    wanted = typed(text)
    return {token.of.value for token in tokens(client) if wanted and wanted.finds(token)}


NAMES = [
    ("Wang Fang", "wang", "name"),
    ("Wang Fang", "fang", "name"),
    ("Wang Fang", "Wang  Fang", "name"),
    ("Wang Fang", "fang wang", "name"),
    ("Wang Fang", "Wang, Fang", "name"),
    ("Wang Fang", "WangFang", "name"),
    ("Wang Fang", "wangf", "name"),
    ("Wang Fang", "WANG FANG", "name"),
    ("Wang Fang", "ｗａｎｇ", "name"),
    ("Wang Fang", "wf", "initials"),
    ("Wang Fang", "w", "name"),
    ("王芳", "王", "name"),
    ("王芳", "芳", "name"),
    ("王芳", "王 芳", "name"),
    ("王芳", "wangfang", "pinyin"),
    ("王芳", "wang fang", "pinyin"),
    ("王芳", "Wáng Fāng", "pinyin"),
    ("王芳", "fang", "pinyin"),
    ("王芳", "wf", "initials"),
    ("王 芳", "wangfang", "pinyin"),
    ("欧阳娜娜", "ouyang", "pinyin"),
    ("欧阳娜娜", "nana", "pinyin"),
    ("欧阳娜娜", "oynn", "initials"),
    ("欧阳娜娜", "阳娜", "name"),
    ("陈王芳 (Anna)", "anna", "name"),
    ("Anna 王芳", "wangfang", "pinyin"),
    ("曾国藩", "zeng", "pinyin"),
    ("曾国藩", "ceng", "pinyin"),
    ("单雄信", "shan", "pinyin"),
    ("单雄信", "dan", "pinyin"),
    ("仇英", "qiu", "pinyin"),
    ("仇英", "chou", "pinyin"),
    ("解缙", "xie", "pinyin"),
    ("查良镛", "zha", "pinyin"),
    ("区楚良", "ou", "pinyin"),
    ("朴树", "piao", "pinyin"),
    ("覃海洋", "qin", "pinyin"),
    ("吕布", "lv", "pinyin"),
    ("吕布", "lu", "pinyin"),
    ("吕布", "lü bu", "pinyin"),
    ("任长霞", "renchangxia", "pinyin"),
    ("任长霞", "ren zhang xia", "pinyin"),
    ("陳大文", "chen", "pinyin"),
    ("O'Brien", "obrien", "name"),
    ("O'Brien", "o’brien", "name"),
    ("O'Brien", "O Brien", "name"),
    ("O'Brien", "brien", "name"),
    ("Anne-Marie Le Pen", "anne-marie", "name"),
    ("Anne-Marie Le Pen", "annemarie", "name"),
    ("Anne-Marie Le Pen", "lepen", "name"),
    ("José", "jose", "name"),
    ("Jose", "José", "name"),
    ("José María García López", "garcia", "name"),
    ("José María García López", "Jose Lopez", "name"),
    ("José María García López", "lopez maria", "name"),
    ("Müller", "muller", "name"),
    ("Müller", "mueller", "name"),
    ("Mueller", "mueller", "name"),
    ("Søren Kjærgård", "soren", "name"),
    ("Søren Kjærgård", "kjaergard", "name"),
    ("Łukasz", "lukasz", "name"),
    ("Weiß", "weiss", "name"),
    ("İpek Işık", "isik", "name"),
    ("Nguyễn Thị Đào", "nguyen thi dao", "name"),
    ("Ольга Ёлкина", "елкина", "name"),
    ("김민수", "민수", "name"),
    ("山田はなこ", "はなこ", "name"),
    ("山田ハナコ", "ﾊﾅｺ", "name"),
    ("Ann 🌸", "🌸", "name"),
    ("Ann 🌸", "ann", "name"),
    ("Room 12", "12", None),
    ("12 Monkeys", "12 monkeys", "name"),
    ("Wang Fang", "ang", None),
    ("Wang Fang", "li", None),
    ("王芳", "李", None),
    ("Wang Fang", "%", None),
    ("Wang Fang", "#", None),
    ("Wang Fang", "wang%", "name"),
    ("Wang Fang", "   ", None),
    ("Wang Fang", "'\"<>", None),
    ("Wang Fang", "-", None),
]


@pytest.mark.parametrize(("name", "text", "of"), NAMES)
def test_a_name_is_found(name: str, text: str, of: str | None) -> None:
    found = found_by(a_person(name), text)
    assert of in found if of else not found


NUMBERS = [
    ("+8613911112222", "13911112222", True),
    ("+8613911112222", "139 1111 2222", True),
    ("+8613911112222", "139-1111-2222", True),
    ("+8613911112222", "2222", True),
    ("+8613911112222", "222", True),
    ("+8613911112222", "22", False),
    ("+8613911112222", "9111", True),
    ("+8613911112222", "+86 139 1111", True),
    ("+8613911112222", "8613911112222", True),
    ("+8613911112222", "0086 139 1111 2222", True),
    ("+8613911112222", "011 86 139", True),
    ("+8613911112222", "１３９１", True),
    ("+8613911112222", "١٣٩١", True),
    ("+8613911112222", "1391111 2223", False),
    ("+8613911110058", "0058", True),
    ("+8613911110118", "0118", True),
    ("+8613911112222", "+1 139", False),
    ("+442079460000", "020 7946 0000", True),
    ("+442079460000", "(020) 7946", True),
    ("+442079460000", "+44 (0)20 7946", True),
    ("+442079460000", "7946", True),
    ("+12125550123", "(212) 555-0123", True),
    ("+12125550123", "212.555.0123", True),
    ("+12125550123", "1 212 555", True),
    ("+12125550123", "555/0123", True),
    ("+390612345678", "06 1234", True),
    ("+861012345678", "010 1234", True),
    ("+8613911112222", "139 1111 2222 x", False),
    ("+999123456789", "+999 1234", True),
    ("+999123456789", "3456", True),
]


@pytest.mark.parametrize(("number", "text", "is_found"), NUMBERS)
def test_any_three_digits_of_a_number_find_it(number: str, text: str, is_found: bool) -> None:
    assert found_by(a_person("Ann", phone=number), text) == ({"phone"} if is_found else set())


ADDRESSES = [
    ("li.na@example.com", "li.na", True),
    ("li.na@example.com", "li.na@", True),
    ("li.na@example.com", "LI.NA@Example.com", True),
    ("li.na@example.com", "example.com", True),
    ("li.na@example.com", "@example", True),
    ("li.na@example.com", "example", True),
    ("li.na@example.com", "mailto", False),
    ("info@münchen.de", "münchen.de", True),
    ("info@münchen.de", "munchen", True),
    ("ann+kept@example.com", "ann+kept", True),
    ("ann_b@example.com", "ann_b", True),
    ("139@example.com", "139@", True),
    ("li.na@example.com", "na@example", True),
    ("li.na@example.com", "com", False),
]


@pytest.mark.parametrize(("address", "text", "is_found"), ADDRESSES)
def test_an_address_is_found_by_its_words_and_its_domain(address: str, text: str, is_found: bool) -> None:
    assert ("email" in found_by(a_person("Zoë", email=address), text)) is is_found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("王" * 100, id="a hundred of one character"),
        pytest.param("曾单仇解查区乐" * 14, id="a hundred that are read in many ways"),
        pytest.param("a " * 50, id="fifty words"),
        pytest.param("x" * 100, id="one long word"),
        pytest.param("🌸" * 100, id="pictures"),
        pytest.param("!?", id="nothing to search for"),
        pytest.param("ẛ̣" * 30, id="marks"),
        pytest.param("𠮷野家𰻝" * 25, id="characters beyond the plane"),
    ],
)
def test_no_name_makes_more_tokens_than_a_write_bears(name: str) -> None:
    found = tokens(a_person(name, phone="+8613911112222", email="li@example.com"))
    assert len(found) <= 250
    assert all(0 < len(token.text) <= LONGEST for token in found)
    assert all("#" not in token.text for token in found)


def test_a_list_of_all_is_in_the_order_of_the_alphabet() -> None:
    names = ["王芳", "Ann", "曾国藩", "Émile", "Zoë", "李娜", "o'Brien"]
    assert sorted(names, key=alphabetical) == ["Ann", "Émile", "李娜", "o'Brien", "王芳", "曾国藩", "Zoë"]


@pytest.mark.parametrize("name", ["王" * 100, "曾单仇解查区乐" * 14, "ab " * 50, "x" * 100, "Anne-Marie Le Pen"])
def test_what_stands_beside_a_token_is_short_and_has_the_number(name: str) -> None:
    known = beside(tokens(a_person(name, phone="+8613911112222", email="li@example.com")))
    assert sum(len(token.text) + 2 for token in known) <= MOST_BESIDE
    assert Token("8613911112222", Matched.PHONE) in known
    assert Token("139", Matched.PHONE) not in known


@pytest.mark.parametrize(
    ("changed", "is_other"),
    [
        ({"name": "Li Na-Weber"}, True),
        ({"phone": "+8613900000000"}, True),
        ({"email": None}, True),
        ({"do_not_disturb": True}, False),
        ({"tags": ("colour",)}, False),
        ({"revision": 7}, False),
    ],
)
def test_what_is_searched_alone_makes_a_client_due_to_be_indexed(changed: dict[str, object], is_other: bool) -> None:
    assert (mark(replace(a_client(), **changed)) != mark(a_client())) is is_other  # type: ignore[arg-type]
