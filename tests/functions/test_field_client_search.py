"""The desk finds a client as somebody types, however they type it, and finds nobody by what is theirs no more: what the
index has is brought up by its own due work, and looked at against the client whenever it is read."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

import clients as function
import due_sweep
import due_worker
from kept import clock
from kept.clients.client import Client
from kept.due_work import queues
from kept.lanes import Key, Lane
from kept.storage import client_search, clients
from kept.storage.tables import ClientItem
from kept.storage.transaction import Lost, together
from kept.use_cases.clients import indexing
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import a_client
from tests.stopping import records

Queued = Callable[[str], list[dict[str, Any]]]
PEOPLE = {
    "c-2": ("王芳", "+8613911112222", "wang.fang@example.com"),
    "c-3": ("Wang Fang", "+8613800005678", None),
    "c-4": ("José O'Brien", None, "jose@obrien.example"),
    "c-5": ("曾单", None, None),
    "c-6": ("Ann 🌸", "+442079460000", None),
}


def a_person(id: str, name: str, phone: str | None = None, email: str | None = None) -> Client:
    return replace(a_client(), id=id, name=name, phone=phone, email=email, consents=())


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five people of the salon who are indexed, and one of the garage."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    for id, of in PEOPLE.items():
        lotus.known(a_person(id, *of))
        indexing.index("lotus", id)
    lotus.known(replace(a_person("c-9", "Wang Fang", "+8613911112222"), business="garage"))
    indexing.index("garage", "c-9")
    for business in ("lotus", "garage"):
        client_search.begin(business)
        client_search.go_on(business, 1, None)


def search(q: str | None = None, *, business: str = "lotus", **query: str) -> Answer:
    asked = ({"q": q} if q is not None else {}) | query
    return ask(function.handler, "GET /v1/desk/clients", role="staff", business=business, query=asked)


def found(q: str | None = None, **query: str) -> list[str]:
    answer = search(q, **query)
    assert answer.status == 200, answer.body
    return [client["id"] for client in answer.body["clients"]]


def work(queued: Queued) -> None:
    """What was handed over is done."""
    while keys := queued("DUE_QUEUE"):
        assert due_worker.handler(records(json.dumps(keys)), None) == {"batchItemFailures": []}


def at_desk(route: str, body: object) -> Answer:
    method, _, path = route.partition(" ")
    return ask(function.handler, f"{method} /v1/desk/clients{path}", body, role="staff")


TYPED = [
    pytest.param("wang", {"c-2", "c-3"}, id="a family name in pinyin"),
    pytest.param("fang", {"c-2", "c-3"}, id="a first name"),
    pytest.param("Wang  Fang", {"c-2", "c-3"}, id="two words with two spaces"),
    pytest.param(" wang fang ", {"c-2", "c-3"}, id="with spaces round it"),
    pytest.param("WangFang", {"c-2", "c-3"}, id="in one word"),
    pytest.param("Wang, Fang", {"c-2", "c-3"}, id="with a comma"),
    pytest.param("ｗａｎｇ", {"c-2", "c-3"}, id="in full-width letters"),
    pytest.param("wf", {"c-2", "c-3"}, id="initials"),
    pytest.param("王芳", {"c-2"}, id="in Chinese"),
    pytest.param("芳", {"c-2"}, id="the first name in Chinese"),
    pytest.param("w", {"c-2", "c-3"}, id="one letter"),
    pytest.param("zeng", {"c-5"}, id="a family name as it is read"),
    pytest.param("ceng", {"c-5"}, id="a family name as it is not"),
    pytest.param("zs", {"c-5"}, id="initials of one"),
    pytest.param("o'brien", {"c-4"}, id="an apostrophe"),
    pytest.param("O’Brien", {"c-4"}, id="an apostrophe that is a quotation mark"),
    pytest.param("obrien", {"c-4"}, id="an apostrophe left out"),
    pytest.param("Jose", {"c-4"}, id="without the accent"),
    pytest.param("JOSÉ", {"c-4"}, id="in capitals with it"),
    pytest.param("🌸", {"c-6"}, id="a picture"),
    pytest.param("13911112222", {"c-2"}, id="a number"),
    pytest.param("139 1111 2222", {"c-2"}, id="a number with spaces"),
    pytest.param("+86 139 1111 2222", {"c-2"}, id="with its country code"),
    pytest.param("0086-139-1111-2222", {"c-2"}, id="as dialled from abroad"),
    pytest.param("１３９１１１１", {"c-2"}, id="full-width digits"),
    pytest.param("5678", {"c-3"}, id="the last four"),
    pytest.param("000", {"c-3", "c-6"}, id="three in the middle"),
    pytest.param("56", set(), id="two digits"),
    pytest.param("020 7946", {"c-6"}, id="as written at home"),
    pytest.param("wang.fang@", {"c-2"}, id="the beginning of an address"),
    pytest.param("obrien.example", {"c-4"}, id="a domain"),
    pytest.param("%", set(), id="a per cent sign"),
    pytest.param("#", set(), id="a hash"),
    pytest.param("#name#", set(), id="what looks like a key of ours"),
    pytest.param("lotus#search", set(), id="what looks like a partition of ours"),
    pytest.param("<script>", set(), id="a tag"),
    pytest.param("' OR 1=1 --", set(), id="a statement"),
    pytest.param("\u200bwang\u200d", {"c-2", "c-3"}, id="what cannot be seen"),
    pytest.param("nobody", set(), id="nobody"),
    pytest.param("x" * 200, set(), id="as long as may be"),
]


@pytest.mark.parametrize(("q", "ids"), TYPED)
def test_a_client_is_found_as_somebody_types(q: str, ids: set[str]) -> None:
    assert set(found(q)) == ids


WORDS = [
    pytest.param("wang 5678", {"c-3"}, id="a name and the end of a number"),
    pytest.param("5678 wang", {"c-3"}, id="the other way round"),
    pytest.param("王 139", {"c-2"}, id="in Chinese and the beginning of a number"),
    pytest.param("王 138", set(), id="a number that is not theirs"),
    pytest.param("wang 139", {"c-2"}, id="pinyin and a number"),
    pytest.param("139 wf", {"c-2"}, id="a number and initials"),
    pytest.param("王139", {"c-2"}, id="Chinese and a number without a space"),
    pytest.param("wang5678", {"c-3"}, id="a name and a number without a space"),
    pytest.param("王芳wang", {"c-2"}, id="Chinese and pinyin without a space"),
    pytest.param("wang 5", {"c-3"}, id="one digit beside a name"),
    pytest.param("wang 56", {"c-3"}, id="two digits beside a name"),
    pytest.param("wang 8", {"c-2", "c-3"}, id="a digit of both"),
    pytest.param("139 2222", {"c-2"}, id="both ends of a number"),
    pytest.param("2222 139", {"c-2"}, id="both ends, the last first"),
    pytest.param("fang +86 138", {"c-3"}, id="with a country code"),
    pytest.param("fang 0086 138 0000", {"c-3"}, id="as dialled from abroad"),
    pytest.param("ann 020 7946", {"c-6"}, id="as the number is written at home"),
    pytest.param("王芳 wang.fang@", {"c-2"}, id="a name and the beginning of an address"),
    pytest.param("王 example.com", {"c-2"}, id="a name and a domain"),
    pytest.param("fang@ 1391", {"c-2"}, id="a later word of an address and a number"),
    pytest.param("jose obrien.example", {"c-4"}, id="a first name and a domain"),
    pytest.param("brien jose@", {"c-4"}, id="a family name and an address"),
    pytest.param("王芳，2222", {"c-2"}, id="with a Chinese comma"),
    pytest.param("Wang, 5678", {"c-3"}, id="with a comma"),
    pytest.param("ｗａｎｇ　５６７８", {"c-3"}, id="in full width, the space too"),
    pytest.param("WANG 5678", {"c-3"}, id="in capitals"),
    pytest.param("fang wang 3800", {"c-3"}, id="three words"),
    pytest.param("wang fang 5678 138", {"c-3"}, id="four words"),
    pytest.param("wang wang 5678", {"c-3"}, id="a word twice"),
    pytest.param("wang % 5678", {"c-3"}, id="with a sign between"),
    pytest.param("王 芳", {"c-2"}, id="each character by itself"),
    pytest.param("🌸 ann", {"c-6"}, id="a picture and a name"),
    pytest.param("wang li", set(), id="one word of nobody"),
    pytest.param("jose 139", set(), id="one of each of two people"),
    pytest.param("wang 9", {"c-2"}, id="a digit of one"),
    pytest.param("wang " * 40, {"c-2", "c-3"}, id="forty times one word"),
    pytest.param("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3", set(), id="thirty words"),
]


@pytest.mark.parametrize(("q", "ids"), WORDS)
def test_every_word_that_is_typed_narrows(q: str, ids: set[str]) -> None:
    """Whatever of theirs each is of, in any order: a name, pinyin, initials, a part of the number, an address."""
    assert set(found(q)) == ids


def test_words_are_of_who_they_are_now(queued: Queued) -> None:
    """Her number has become another's: the two words are of nobody, and then of whom it belongs to."""
    at_desk("POST /c-3/contacts", {"phone": "13911112222"})
    assert found("王 13911112222") == []
    work(queued)
    assert found("wang 1111") == ["c-3"]


def test_among_many_of_one_name_the_one_with_that_number_is_found() -> None:
    """Further down than one looks for the name alone."""
    for n in range(60):
        lotus.known(a_person(f"c-m-{n:02}", "Ma Li", f"+86137{n:08}"))
        indexing.index("lotus", f"c-m-{n:02}")
    assert found("ma li 59") == ["c-m-59"]
    assert found("0058 ma") == ["c-m-58"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        pytest.param({"q": "x" * 201}, "q", id="longer than any name"),
        pytest.param({"q": "x" * 100_000}, "q", id="a hundred kilobytes"),
        pytest.param({"q": "wang", "limit": "0"}, "limit", id="none"),
        pytest.param({"q": "wang", "limit": "51"}, "limit", id="too many"),
        pytest.param({"after": "???"}, "after", id="a cursor that is none"),
        pytest.param({"after": "/////w=="}, "after", id="a cursor of no text"),
    ],
)
def test_what_cannot_be_meant_is_refused(query: dict[str, str], reason: str) -> None:
    answer = search(**query)
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert answer.body["fields"][0]["field"] == reason


def test_what_a_list_needs_of_each() -> None:
    clients.put_alone(replace(clients.load("lotus", "c-2"), do_not_disturb=True))
    at_desk("POST /c-2/notes", {"text": "Peanut allergy", "pinned": True})
    assert search("王").body == {
        "clients": [
            {
                "id": "c-2",
                "name": "王芳",
                "phone_written": "139 1111 2222",
                "email": "wang.fang@example.com",
                "tier": "vip",
                "do_not_disturb": True,
                "alerts": ["Peanut allergy"],
                "matched": "name",
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("q", "matched"),
    [("wangfang", "pinyin"), ("王芳", "name"), ("wf", "initials"), ("1391", "phone"), ("example", "email")],
)
def test_what_of_them_is_as_it_was_typed(q: str, matched: str) -> None:
    (one,) = [client for client in search(q).body["clients"] if client["id"] == "c-2"]
    assert one["matched"] == matched


def test_nobody_of_another_business_is_found() -> None:
    assert found("139", business="garage") == ["c-9"]
    assert found("王芳", business="garage") == []
    assert found(None, business="garage") == ["c-9"]


def test_nobody_searches_without_being_of_the_desk() -> None:
    for role, status in (("", 401), ("client", 403)):
        assert ask(function.handler, "GET /v1/desk/clients", role=role, query={"q": "wang"}).status == status


# All by name


def test_all_by_name_page_by_page() -> None:
    """Of two who are called alike, in letters or in pinyin, either comes first."""
    first = search(limit="2").body
    second = search(after=first["next"], limit="2").body
    third = search(after=second["next"], limit="2").body
    names = [client["name"] for page in (first, second, third) for client in page["clients"]]
    assert [*names[:2], *sorted(names[2:4]), *names[4:]] == ["Ann 🌸", "José O'Brien", "Wang Fang", "王芳", "曾单"]
    assert third["next"] is None


def test_a_page_that_is_full_by_chance_leads_to_an_empty_one() -> None:
    page = search(limit="5").body
    assert search(after=page["next"], limit="5").body == {"clients": [], "next": None}


def test_white_space_is_no_question() -> None:
    assert found("  ") == found()


# From the write to the index


def test_who_is_entered_is_found_as_soon_as_the_worker_was_there(queued: Queued) -> None:
    id = at_desk("POST ", {"name": "孙丽", "phone": "13700001234"}).body["id"]
    work(queued)
    assert found("sunli") == found("1234") == [id]
    assert ClientItem.get("lotus", id).due_lane is None


def test_a_new_name_is_found_and_the_old_one_is_not(queued: Queued) -> None:
    revision = ask(function.handler, "GET /v1/desk/clients/c-5", role="staff").body["revision"]
    at_desk("PATCH /c-5", {"name": "刘单", "revision": revision})
    assert found("zeng") == [], "not even before it is indexed"
    assert found("单") == ["c-5"], "what is so before and after is found all the while"
    work(queued)
    assert found("liudan") == ["c-5"]
    assert found("zeng") == []
    assert [client["name"] for client in search().body["clients"]].count("刘单") == 1


def test_a_number_that_goes_to_another_is_found_with_them_alone(queued: Queued) -> None:
    """Wang Fang says that it is hers, and nobody has proved otherwise."""
    at_desk("POST /c-3/contacts", {"phone": "13911112222"})
    assert found("13911112222") == []
    work(queued)
    assert found("13911112222") == ["c-3"]
    assert found("5678") == []
    assert found("wang.fang@") == ["c-2"]


def test_what_was_never_handed_over_is_swept(queued: Queued, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that refused costs a minute."""

    def refuses(*_: object) -> int:
        raise BotoCoreError

    with monkeypatch.context() as while_it_is_down:
        while_it_is_down.setattr(queues, "send_in", refuses)
        assert at_desk("POST ", {"name": "Zhu Zhu"}).status == 201
    assert found("zhu") == []
    swept = due_sweep.handler({"lane": "search", "time": lotus.NOW.isoformat()}, None)
    assert swept["handed_over"] == 1
    work(queued)
    assert len(found("zhu")) == 1


def test_indexing_twice_does_nothing() -> None:
    before = lotus.everything()
    indexing.index("lotus", "c-2")
    assert lotus.everything() == before


def test_who_changes_while_they_are_indexed_is_indexed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    put = client_search.write

    def meanwhile(client: Client, *more: Any) -> None:
        monkeypatch.setattr(client_search, "write", put)
        clients.put_alone(replace(clients.load("lotus", "c-5"), name="Zhu Zhu"))
        put(client, *more)

    clients.put_alone(replace(clients.load("lotus", "c-5"), name="Zhao"))
    monkeypatch.setattr(client_search, "write", meanwhile)
    with pytest.raises(Lost):
        indexing.index("lotus", "c-5")
    assert ClientItem.get("lotus", "c-5").due_lane is not None
    indexing.index("lotus", "c-5")
    assert (found("zhu"), found("zhao"), found("zeng")) == (["c-5"], [], [])


def test_a_crash_between_the_tokens_and_the_client_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clients.put_alone(replace(clients.load("lotus", "c-5"), name="Zhu Zhu"))
    with monkeypatch.context() as crash:
        crash.setattr(client_search, "mark", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            indexing.index("lotus", "c-5")
    indexing.index("lotus", "c-5")
    assert (found("zhu"), found("zeng")) == (["c-5"], [])


def test_who_is_no_more_is_not_found_and_leaves_nothing(queued: Queued) -> None:
    ClientItem("lotus", "c-5").delete()
    assert found("zeng") == []
    queues.hand_over([Key(Lane.SEARCH, "lotus", "c-5")])
    work(queued)
    assert not [item for item in client_search.SearchItem.query("lotus#search") if "c-5" in item.id]


def test_who_is_to_be_forgotten_takes_their_tokens_along() -> None:
    """DynamoDB drops them by the same attribute; who comes after all is kept with theirs."""
    until = lotus.NOW.replace(year=2027)
    clients.put_alone(
        replace(a_person("c-5", "曾单"), unheld_until=until, revision=clients.load("lotus", "c-5").revision)
    )
    indexing.index("lotus", "c-5")
    expires = {item.expires for item in client_search.SearchItem.query("lotus#search") if "c-5" in item.id}
    assert expires == {int(until.timestamp())}


# A business that was never searched


def test_the_first_look_has_everybody_indexed(queued: Queued, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of before are found a moment after somebody first asks; also in steps, and cut off between two."""
    ClientItem("lotus", "#all").delete()
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    for n in range(7):
        with together() as transaction:
            clients.put_new(a_person(f"c-old-{n}", f"Alt {n}", f"+86137000000{n:02}"), transaction)
    assert found("alt") == []
    assert ClientItem.get("lotus", "#all").due_lane == "search#" + ClientItem.get("lotus", "#all").due_lane[-1]
    indexing.index("lotus", "#all")
    queued("DUE_QUEUE")
    swept = due_sweep.handler({"lane": "search", "time": lotus.NOW.isoformat()}, None)
    assert swept["handed_over"] >= 1
    work(queued)
    assert len(found("alt")) == 7
    assert ClientItem.get("lotus", "#all").due_lane is None
    assert found("zeng") == ["c-5"]


def test_a_business_is_indexed_once(queued: Queued) -> None:
    found("wang")
    assert queued("DUE_QUEUE") == []
    assert client_search.begin("lotus") == Key(Lane.SEARCH, "lotus", "#all")


@pytest.mark.parametrize(
    ("q", "queries"),
    [("wang", 1), ("王芳", 1), ("wang 5678", 2), ("fang wang 138 5678 wf", 2), ("王139", 2)],
)
def test_a_search_is_a_query_or_two_and_one_request_for_the_clients(
    q: str, queries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many words are typed, for a few read units."""
    asked: list[str] = []

    def counted(model: Any, name: str) -> None:
        real = getattr(model, name)

        def ask_it(*told: Any, **more: Any) -> Any:
            asked.append(name)
            return real(*told, **more)

        monkeypatch.setattr(model, name, ask_it)

    counted(client_search.SearchItem, "query")
    counted(ClientItem, "batch_get")
    found(q)
    assert asked == ["query"] * queries + ["batch_get"]


def test_of_a_business_that_nobody_searched_nothing_is_to_be_indexed() -> None:
    """Work of it that comes late does nothing, and it is begun by whoever first asks."""
    ClientItem("lotus", "#all").delete()
    assert client_search.progress("lotus") is None
    before = lotus.everything()
    indexing.index("lotus", "#all")
    assert lotus.everything() == before


def test_who_changes_while_all_are_indexed_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are due by themselves since."""
    ClientItem("lotus", "#all").delete()
    clients.put_alone(replace(clients.load("lotus", "c-5"), name="Zhao"))
    client_search.begin("lotus")
    put = client_search.write

    def meanwhile(client: Client, *more: Any) -> None:
        if client.id == "c-5" and client.name == "Zhao":
            clients.put_alone(replace(clients.load("lotus", "c-5"), name="Zhu Zhu"))
        put(client, *more)

    monkeypatch.setattr(client_search, "write", meanwhile)
    indexing.index("lotus", "#all")
    assert ClientItem.get("lotus", "#all").due_lane is None
    indexing.index("lotus", "c-5")
    assert (found("zhu"), found("zhao")) == (["c-5"], [])


def test_a_list_ends_at_as_many_as_were_asked_for() -> None:
    """The first that are found, not read any further."""
    everybody = found("wang")
    assert len(everybody) > 1
    assert found("wang", limit="1") == everybody[:1]
