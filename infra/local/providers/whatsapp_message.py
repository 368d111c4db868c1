"""The message inside a SendWhatsAppMessage, as Meta's Cloud API documents text and template messages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NUMBER = re.compile(r"\+?[1-9]\d{6,14}")
_TEMPLATE = re.compile(r"[a-z0-9_]{1,512}")
_VARIABLE = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_UNFIT = re.compile(r"[\n\t]| {5,}")
"""What a parameter of a template must not hold: its text would not be the one that was approved."""
_LONGEST = {"text": 4096, "parameter": 1024, "callback data": 512, "payload": 256}


class Malformed(Exception):
    """Its words say what is not as documented."""


@dataclass(frozen=True, slots=True)
class Message:
    """`to` is E.164; `title` names the template.

    What stands on its buttons is in the template as it was approved; here they are called what they send back.
    """

    to: str
    text: str
    callback_data: str
    title: str = ""
    buttons: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_template(self) -> bool:
        return bool(self.title)


def read(content: bytes) -> Message:
    """Raises Malformed."""
    try:
        said = json.loads(content)
    except ValueError as error:
        raise Malformed("The message is not JSON.") from error
    _must(isinstance(said, dict) and said.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp.")
    _must(said.get("recipient_type", "individual") == "individual", "recipient_type must be individual.")
    to, data = said.get("to"), said.get("biz_opaque_callback_data", "")
    _must(isinstance(to, str) and _NUMBER.fullmatch(to), "to must be a telephone number with its country code.")
    _fits(data, "callback data", "biz_opaque_callback_data")
    number = f"+{to.removeprefix('+')}"
    match said.get("type", "text"):
        case "text":
            body = _member(said, "text").get("body")
            _must(isinstance(body, str) and body.strip(), "text.body is missing.")
            _fits(body, "text", "text.body")
            return Message(number, str(body), data)
        case "template":
            return _template(number, _member(said, "template"), data)
        case other:
            raise Malformed(f"type {other!r} is not known here; text and template are.")


def _template(to: str, template: Mapping[str, Any], data: str) -> Message:
    name, language = template.get("name"), _member(template, "language").get("code")
    _must(isinstance(name, str) and _TEMPLATE.fullmatch(name), "template.name has a-z, 0-9 and _, at most 512.")
    _must(isinstance(language, str) and _LANGUAGE.fullmatch(language), "template.language.code has the form en_US.")
    texts: list[str] = []
    buttons: dict[str, str] = {}
    for component in template.get("components", []):
        _must(isinstance(component, dict), "components are objects.")
        match component.get("type"):
            case "header" | "body":
                texts += [_text(parameter) for parameter in component.get("parameters", [])]
            case "button":
                kind, value = _button(component)
                if kind == "url":
                    texts.append(value)
                else:
                    buttons[value] = value
            case other:
                raise Malformed(f"A component's type is header, body or button, not {other!r}.")
    return Message(to, "\n".join(texts), data, f"{name} ({language})", buttons)


def _text(parameter: Any) -> str:
    """A line of the message; the words around it are in the template."""
    _must(isinstance(parameter, dict) and parameter.get("type") == "text", "Parameters of a body have the type text.")
    text = parameter.get("text")
    _must(isinstance(text, str) and text, "A parameter has no text.")
    _must(not _UNFIT.search(text), "A parameter has no line breaks, tabs or more than four spaces running.")
    _fits(text, "parameter", "A parameter")
    name = parameter.get("parameter_name", "")
    _must(not name or _VARIABLE.fullmatch(name), "A parameter's name has a-z, 0-9 and _.")
    return f"{name}: {text}" if name else str(text)


def _button(component: Mapping[str, Any]) -> tuple[str, str]:
    """Its kind, and what is sent back or where it leads: the ending of a link, whose beginning is in the template."""
    kind, index = component.get("sub_type"), str(component.get("index", ""))
    _must(kind in ("quick_reply", "url"), "A button's sub_type is quick_reply or url.")
    _must(index.isdecimal() and int(index) < 10, "A button's index is 0 to 9.")
    parameters = component.get("parameters", [])
    _must(isinstance(parameters, list) and len(parameters) == 1, "A button has one parameter.")
    named = "payload" if kind == "quick_reply" else "text"
    _must(parameters[0].get("type") == named, f"The parameter of a {kind} button has the type {named}.")
    value = parameters[0].get(named)
    _must(isinstance(value, str) and value, f"The parameter of a button has no {named}.")
    _fits(value, "payload", "A payload")
    return str(kind), str(value)


def _member(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    _must(isinstance(found, dict), f"{name} is missing.")
    return found  # type: ignore[return-value]


def _fits(text: Any, kind: str, name: str) -> None:
    _must(isinstance(text, str) and len(text) <= _LONGEST[kind], f"{name} has at most {_LONGEST[kind]} characters.")


def _must(true: object, otherwise: str) -> None:
    if not true:
        raise Malformed(otherwise)
