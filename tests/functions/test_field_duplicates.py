"""Who may be one client is suggested by what two of them have in common, as it is written and as it sounds; who only
resembles another is not, nor anybody of another business."""

from dataclasses import replace

import pytest

import clients as function
from kept import clock
from kept.clients.client import Client
from kept.storage import clients
from kept.storage.transaction import together
from kept.use_cases.clients import indexing
from tests import lotus
from tests.asking import ask
from tests.builders import a_client


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()


def known(id: str, name: str, phone: str | None = None, email: str | None = None, business: str = "lotus") -> None:
    lotus.known(replace(a_client(), business=business, id=id, name=name, phone=phone, email=email, consents=()))
    indexing.index(business, id)


def typed(id: str, contact: str) -> None:
    """They gave it for a visit, and it is another's."""
    with together() as transaction:
        clients.put_typed(
            clients.load("lotus", id), contact, until=lotus.NOW.replace(year=2027), transaction=transaction
        )


def suggested(id: str = "c-1") -> dict[str, list[str]]:
    answer = ask(function.handler, f"GET /v1/desk/clients/{id}/duplicates", role="staff")
    assert answer.status == 200, answer.body
    return {one["id"]: one["why"] for one in answer.body}


ALIKE = [
    ("Wang Fang", "Wang Fang", True),
    ("Wang Fang", "wang  fang", True),
    ("Wang Fang", "Fang Wang", True),
    ("Wang Fang", "WangFang", True),
    ("Wang Fang", "王芳", True),
    ("王芳", "王芳", True),
    ("王芳", "Wang Fang", True),
    ("王芳", "WangFang", True),
    ("王芳", "王方", True),
    ("王芳", "王 芳", True),
    ("José García", "Jose Garcia", True),
    ("O'Brien", "O’Brien", True),
    ("O'Brien", "Obrien", True),
    ("Anne-Marie", "Anne Marie", True),
    ("曾国藩", "Zeng Guo Fan", True),
    ("Wang Fang", "Wang Fangfang", False),
    ("Wang Fang", "Wang", False),
    ("王芳", "陈王芳", False),
    ("王芳", "芳", False),
    ("王芳", "李娜", False),
    ("Ann", "Anna", False),
    ("!?", "?!", False),
    ("Wang Fang", "W F", False),
]


@pytest.mark.parametrize(("name", "other", "is_alike"), ALIKE)
def test_a_name_that_is_alike(name: str, other: str, is_alike: bool) -> None:
    known("c-1", name)
    known("c-2", other)
    assert suggested() == ({"c-2": ["name"]} if is_alike else {})


def test_a_number_and_an_address_that_another_typed() -> None:
    """Of whom more is the same come first, and a name alone last."""
    known("c-1", "Li Na", "+8613911112222", "li@example.com")
    known("c-2", "Lina")
    known("c-3", "Na Li")
    known("c-4", "Somebody")
    typed("c-3", "+8613911112222")
    typed("c-4", "li@example.com")
    assert suggested() == {"c-3": ["phone", "name"], "c-4": ["email"], "c-2": ["name"]}
    assert list(suggested())[:2] == ["c-3", "c-4"]
    assert suggested("c-4") == {}


def test_nobody_of_another_business_and_not_themselves() -> None:
    known("c-1", "Wang Fang", "+8613911112222")
    known("c-1", "Wang Fang", "+8613911112222", business="garage")
    assert suggested() == {}


def test_a_name_that_is_not_theirs_any_more_suggests_nothing() -> None:
    known("c-1", "Wang Fang")
    known("c-2", "王芳")
    clients.put_alone(replace(clients.load("lotus", "c-2"), name="刘芳"))
    assert suggested() == {}


def test_who_is_not_indexed_yet_has_no_namesakes_yet() -> None:
    client: Client = replace(a_client(), id="c-7")
    lotus.known(client)
    assert suggested("c-7") == {}
