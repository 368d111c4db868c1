"""The console: its pages, the same actions as a JSON API, and the door at which message providers are reached."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from infra.local import checkout, clock_wishes, journey, own_calendar, pages, seed, sign_in, texts
from infra.local.due import Due, everything_due
from infra.local.inbox import Inbox, Sent
from infra.local.place import Place
from infra.local.product_clock import ProductClock
from infra.local.providers import readers, stripe
from infra.local.providers.accounts import Accounts
from infra.local.providers.answers import Request
from infra.local.providers.faults import from_form
from infra.local.providers.stand_in import StandIn
from infra.local.quarter import view
from infra.local.schedules import Schedules
from infra.local.user_pool_letters import take_in

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
_SANDBOXED = ("Content-Security-Policy", "sandbox allow-popups allow-popups-to-escape-sandbox")
_PROVIDERS = "/console/providers"
_LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(slots=True)
class Console:
    """What the one address answers itself. Its errors are words: a ValueError becomes a 400 with them."""

    place: Place
    clock: ProductClock
    inbox: Inbox
    schedules: Schedules
    providers: StandIn = field(init=False)

    def __post_init__(self) -> None:
        accounts = Accounts(self.place)
        accounts.open(business.id for business in seed.BUSINESSES)
        self.providers = StandIn(self.place, self.clock, self.inbox, accounts.all)

    def answer(self, method: str, path: str, headers: Message, body: bytes) -> Answer:
        address = urlsplit(path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        try:
            asks_stripe = address.path.startswith(f"{_PROVIDERS}{stripe.ADDRESS}/")
            if asks_stripe or (method == "POST" and address.path.startswith(_PROVIDERS)):
                asked = Request(address.path.removeprefix(_PROVIDERS), query, headers, body, method)
                return self.providers.answer(asked)
            if method == "POST":
                return self._post(address.path, headers, body)
            return self._get(address.path, query)
        except ValueError as refused:
            return _json({"message": str(refused)}, 400)

    def _get(self, path: str, query: Mapping[str, str]) -> Answer:  # noqa: C901 - a page a line
        match path.strip("/").split("/"):
            case [""]:
                return _html(pages.home(self.place.url, self.place.own_site))
            case ["console"] | ["console", "messages"]:
                take_in(self.place, self.inbox)
                return _html(pages.messages(self._now(), self.inbox, self.providers.events.told, query.get("to", "")))
            case ["console", "messages", message_id, *rest]:
                return self._part(message_id, rest)
            case ["console", ("providers" | "due" | "quarter") as page]:
                return _html(self._page(page))
            case ["console", "checkout", session]:
                return checkout.show(self.providers, session, self.clock.now())
            case ["console", "payments"]:
                return _html(pages.payments(self._now(), checkout.listed(self.providers)))
            case ["console", "texts"]:
                return _html(pages.texts(texts.in_language(query.get("language", "en"))))
            case ["console", "site", business]:
                return _html(pages.site(business, self.place.url), ("Content-Security-Policy", _of_site(self.place)))
            case ["console", "calendars", "own.ics"]:
                return 200, [("Content-Type", "text/calendar; charset=utf-8")], own_calendar.CONTENT.encode()
            case ["console", "api", asked]:
                return self._tell(asked, query)
        return _json({"message": "The console has no such page."}, 404)

    def _page(self, page: str) -> str:
        match page:
            case "providers":
                return pages.providers(self._now(), self.providers.state())
            case "due":
                return pages.due(self._now(), everything_due(self.place))
        told, is_last = view.read(self.place.folder / "quarter")
        return pages.quarter(told, is_last=is_last)

    def _tell(self, asked: str, query: Mapping[str, str]) -> Answer:
        match asked:
            case "clock":
                return _json(clock_wishes.as_json(self.clock))
            case "due":
                return _json({"due": [_due_fields(due) for due in everything_due(self.place)]})
            case "messages":
                return _json({"messages": self._messages(query.get("to", ""))})
            case "providers":
                return _json(self.providers.state())
            case "payments":
                return _json({"payments": checkout.listed(self.providers)})
        return _json({"message": "The console has no such page."}, 404)

    def _post(self, path: str, headers: Message, body: bytes) -> Answer:
        if headers.get("Origin", self.place.url) not in (self.place.url, f"http://{headers.get('Host')}"):
            return _json({"message": "The console takes no orders from other sites."}, 403)
        match path.strip("/").split("/"):
            case ["console", "api", action]:
                return self._act(action, body)
            case ["console", "checkout", session]:
                return checkout.pay(self.providers, session, _typed(body), self.clock.now())
            case ["console", action]:
                return self._submit(action, body)
        return _json({"message": "The console has no such action."}, 404)

    def _act(self, action: str, body: bytes) -> Answer:
        match action:
            case "clock":
                return _json(self._set_clock(_object(body)))
            case "fire":
                return _json({"fired": self.schedules.fire()} | self._settle())
            case "settle":
                return _json(self._settle())
            case "sign-in":
                return _json({"token": sign_in.token(self.place, str(_object(body).get("email")))})
            case "providers":
                self.providers.faults.change(_object(body))
                return _json(self.providers.state())
            case "reply":
                return _json(self._read(_object(body)))
        return _json({"message": "The console has no such action."}, 404)

    def _submit(self, action: str, body: bytes) -> Answer:
        match action:
            case "clock":
                return self._form(body, self._let_time_pass)
            case "fire":
                return self._form(body, lambda _: self.schedules.fire())
            case "faults":
                return self._form(body, lambda form: self.providers.faults.change(from_form(form)))
            case "reply":
                return self._form(body, self._read)
            case "payments":
                return self._form(body, lambda form: checkout.play(self.providers, form, self.clock.now()))
        return _json({"message": "The console has no such action."}, 404)

    def _read(self, told: Mapping[str, Any]) -> dict[str, Any]:
        readers.act(told, self.providers, self.inbox, self.clock.now())
        return self._settle()

    def _messages(self, to: str) -> list[dict[str, Any]]:
        take_in(self.place, self.inbox)
        answers, told = self.inbox.answers(), self.providers.events.told
        return [
            _fields(sent) | {"told": told(sent.id), "answers": [written.text for written in answers.get(sent.id, [])]}
            for sent in self.inbox.newest_first(to)
        ]

    def _settle(self) -> dict[str, Any]:
        """Also what the providers have to tell, and what comes of that."""
        settled = self.schedules.settle()
        while self.providers.events.settle():
            settled = self.schedules.settle()
        return settled

    def _part(self, message_id: str, rest: list[str]) -> Answer:
        sent = self.inbox.find(message_id)
        match rest:
            case ["html"] if sent:
                return _html(pages.message_body(sent), _SANDBOXED)
            case ["attachments", number] if sent and number.isdecimal() and int(number) < len(sent.attachments):
                attached = sent.attachments[int(number)]
                named = f"attachment; filename*=UTF-8''{quote(attached.name)}"
                return 200, [("Content-Type", attached.type), ("Content-Disposition", named)], attached.content_bytes()
        return _json({"message": "There is no such message."}, 404)

    def _set_clock(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        granted = clock_wishes.grant(wish, self.clock, self.schedules)
        return granted | self._settle() if "settled" in granted else granted

    def _let_time_pass(self, form: Mapping[str, str]) -> None:
        """One way at a time: a second press is not for the day after the first one's."""
        if self.schedules.way:
            raise clock_wishes.BadWish("The clock is on its way; wait until it is there.")
        wish = clock_wishes.from_form(form, self.clock.now())
        journey.begun(lambda: self._set_clock(wish))

    def _form(self, body: bytes, act: Callable[[Mapping[str, str]], object]) -> Answer:
        form = _typed(body)
        act(form)
        back = form.get("back", "")
        return 303, [("Location", back if back.startswith("/console") else "/console")], b""

    def _now(self) -> pages.Now:
        return pages.Now(self.clock.now(), self.clock.ahead(), self.schedules.way)


def _typed(body: bytes) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}


def _object(body: bytes) -> dict[str, Any]:
    said = json.loads(body or b"{}")
    if not isinstance(said, dict):
        raise ValueError("A JSON object was expected.")
    return said


def _fields(sent: Sent) -> dict[str, Any]:
    base = f"/console/messages/{sent.id}"
    attachments = [
        {"name": attached.name, "type": attached.type, "url": f"{base}/attachments/{number}"}
        for number, attached in enumerate(sent.attachments)
    ]
    return {
        "id": sent.id, "channel": sent.channel, "to": sent.to, "from": sent.sender, "at": sent.at,
        "subject": sent.subject, "text": sent.text, "html": sent.html, "headers": sent.headers,
        "attachments": attachments, "links": list(dict.fromkeys(_LINK.findall(sent.text))),
        "choices": sent.choices, "business": sent.details.get("business", ""), "about": sent.details.get("message", ""),
    }  # fmt: skip


def _due_fields(due: Due) -> dict[str, str]:
    return {"at": due.at.isoformat(), "table": due.table, "lane": due.lane, "business": due.business, "id": due.id}


def _json(content: object, status: int = 200) -> Answer:
    return status, [("Content-Type", "application/json")], json.dumps(content, ensure_ascii=False).encode()


def _of_site(place: Place) -> str:
    """As strict as a site can be: nothing but what shows the booking page, and no style in its markup."""
    return f"default-src 'none'; script-src {place.url}; frame-src {place.url}; style-src 'none'"


def _html(content: str, *headers: tuple[str, str]) -> Answer:
    basic = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
    return 200, [*basic, *headers], content.encode()
