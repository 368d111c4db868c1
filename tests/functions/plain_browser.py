"""A browser without JavaScript for the pages, which looks at every page it is given as a screen reader would."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from kept.pages import embedding
from tests.asking import an_http_event

VOID = frozenset({"meta", "input", "br", "link", "hr", "img"})
Attributes = dict[str, str]
DATA = {"type": "application/ld+json"}
"""What search engines read; it runs nothing."""


@dataclass
class Form:
    """`fields` are what it sends unless changed; `buttons` what may be pressed: text, name and value."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """One answer, read; raises AssertionError for what a browser would silently put right."""

    def __init__(self, status: int, headers: Mapping[str, str], body: str) -> None:
        super().__init__()
        self.status, self.headers, self.body = status, headers, body
        self.lang, self.title, self.text = "", "", ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self.open: list[tuple[str, Attributes, int]] = []
        self.all: list[tuple[str, Attributes]] = []
        self.feed(body)
        self.text = " ".join(self.text.split())
        assert not self.open, f"not closed: {self.open}"
        self._is_whole()

    def link(self, text: str) -> str:
        (found,) = {href for words, href in self.links if text in words}
        return found

    def form(self, action: str) -> Form:
        (found,) = [form for form in self.forms if urlsplit(form.action).path.endswith(action)]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.all.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, attributes, len(self.text)))
        if tag == "html":
            self.lang = attributes["lang"]
        elif tag == "form":
            self.forms.append(Form(attributes["action"], attributes["method"]))
        elif tag == "input":
            self._input(attributes)

    def handle_endtag(self, tag: str) -> None:
        opened, attributes, since = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        text = " ".join(self.text[since:].split())
        if tag == "a":
            self.links.append((text, attributes["href"]))
        elif tag == "title":
            self.title = text
        elif tag == "button":
            self.forms[-1].buttons.append((text, attributes.get("name", ""), attributes.get("value", "")))
        elif tag == "textarea":
            self.forms[-1].fields.append((attributes["name"], self.text[since:].removeprefix("\n")))

    def handle_data(self, data: str) -> None:
        if not any(tag in ("style", "script") for tag, _, _ in self.open):
            self.text += data

    def _input(self, attributes: Attributes) -> None:
        said = (attributes["name"], attributes["value"])
        chooses = attributes["type"] in ("checkbox", "radio")
        if chooses:
            self.forms[-1].choices.append(said)
        if not chooses or "checked" in attributes:
            self.forms[-1].fields.append(said)

    def _frame_script(self) -> Attributes | None:
        """The only one, and only where the page says in whose frame it is."""
        (body,) = [attributes for tag, attributes in self.all if tag == "body"]
        its = embedding.frame_script()
        return {"type": "module", "src": its.address, "integrity": its.integrity} if body.get("data-site") else None

    def _is_whole(self) -> None:
        """One heading, no script but a frame's, ids once and really there, a label for every field, nothing from
        elsewhere."""
        ids = [attributes["id"] for _, attributes in self.all if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert [tag for tag, _ in self.all].count("h1") == 1
        labelled = {attributes.get("for") for tag, attributes in self.all if tag == "label"}
        for tag, attributes in self.all:
            assert tag not in ("img", "link", "iframe")
            if tag == "script":
                assert attributes in (DATA, self._frame_script())
                continue
            assert not {name for name in attributes if name.startswith("on") or name in ("style", "src")}
            for reference in ("aria-labelledby", "aria-describedby"):
                assert set(attributes.get(reference, "").split()) <= set(ids)
            if tag in ("input", "textarea", "select") and attributes.get("type") not in ("hidden", "checkbox", "radio"):
                assert attributes["id"] in labelled
        assert {href[1:] for _, href in self.links if href.startswith("#")} <= set(ids)


@dataclass
class Browser:
    """Follows links, fills in and sends forms, goes where it is sent; `went` are the addresses it came through.

    `jar` are the cookies it keeps by their path; None for somebody who keeps none.
    """

    handler: Callable[[dict[str, Any], Any], dict[str, Any]]
    language: str = ""
    went: list[str] = field(default_factory=list)
    jar: dict[str, str] | None = field(default_factory=dict)

    def get(self, address: str, method: str = "GET") -> Page:
        return self._page(self.ask(f"{method} {address}"))

    def press(self, form: Form, button: str = "", /, **typed: str | list[str]) -> Page:
        """Sends the form by the button with this text (or its only one), with what was `typed`."""
        _, name, value = next(b for b in form.buttons if button in b[0])
        sent = [(field, said) for field, said in form.fields if field not in typed]
        sent += [(field, one) for field, said in typed.items() for one in ([said] if isinstance(said, str) else said)]
        sent += [(name, value)] if name else []
        if form.method == "get":
            return self.get(f"{form.action}?{urlencode(sent)}")
        return self._page(self.ask(f"POST {form.action}", urlencode(sent)))

    def ask(self, route: str, body: str | None = None) -> dict[str, Any]:
        """As API Gateway hands it on: a form's body comes in base64."""
        method, _, address = route.partition(" ")
        parts = urlsplit(address)
        self.went.append(address)
        event = an_http_event(f"{method} {parts.path}", query=dict(parse_qsl(parts.query, keep_blank_values=True)))
        event["headers"] = {"content-type": "application/x-www-form-urlencoded", "accept-language": self.language}
        if sent := [pair for path, pair in (self.jar or {}).items() if f"{parts.path}/".startswith(f"{path}/")]:
            event["cookies"] = sent
        if body is not None:
            event |= {"body": base64.b64encode(body.encode()).decode(), "isBase64Encoded": True}
        answer = self.handler(event, None)
        self._keep(answer["headers"].get("Set-Cookie", ""))
        return answer

    def _keep(self, cookie: str) -> None:
        if cookie and self.jar is not None:
            pair, *said = cookie.split("; ")
            (path,) = [one.removeprefix("Path=") for one in said if one.startswith("Path=")]
            self.jar[path] = pair

    def _page(self, answer: dict[str, Any]) -> Page:
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
        if answer["statusCode"] in (303, 308):
            return self.get(headers["location"])
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in headers["content-security-policy"]
        page = Page(answer["statusCode"], headers, answer["body"])
        assert page.lang == headers["content-language"]
        return page
