"""DynamoDB's expressions, as far as Kept writes them: conditions that hold or do not, and updates of one item.

Each text is read once and becomes a function; names and values come with every request. tests/local holds it to moto.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

Value = dict[str, Any]
"""One value under the letter of its type: {"S": "lotus"}."""
Item = Mapping[str, Value]
Names = Mapping[str, str]
Values = Mapping[str, Value]
Holds = Callable[[Item, Names, Values], bool]
Operand = Callable[[Item, Names, Values], Value | None]
Changed = Callable[[dict[str, Value], Names, Values], dict[str, Value]]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+-]|[#:]?[\w.]+)")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_CLAUSES = frozenset({"SET", "ADD", "REMOVE"})


def plain(value: Value) -> Any:
    """What it is compared by."""
    ((kind, said),) = value.items()
    return number(said) if kind == "N" else said


def number(said: str) -> int | float:
    return int(said) if said.lstrip("-").isdecimal() else float(said)


@cache
def condition(text: str) -> Holds:
    """Raises ValueError for what is no condition that this knows."""
    tokens = _Tokens(text)
    found = _any(tokens)
    tokens.must_be_over()
    return found


@cache
def update(text: str) -> Changed:
    """Raises ValueError, as `condition` does."""
    tokens = _Tokens(text)
    steps = list(_steps(tokens))

    def changed(item: dict[str, Value], names: Names, values: Values) -> dict[str, Value]:
        after = dict(item)
        for step in steps:
            step(item, after, names, values)
        return after

    return changed


class _Tokens:
    """What is still to be read."""

    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)[::-1]
        self._text = text

    @property
    def next(self) -> str:
        return self._left[-1] if self._left else ""

    def take(self) -> str:
        if not self._left:
            raise ValueError(f"it ends too soon: {self._text}")
        return str(self._left.pop())

    def took(self, *wanted: str) -> bool:
        if self.next.upper() in wanted:
            self._left.pop()
            return True
        return False

    def must(self, wanted: str) -> None:
        if (found := self.take()).upper() != wanted:
            raise ValueError(f"{wanted} was expected, not {found}: {self._text}")

    def must_be_over(self) -> None:
        if self._left:
            raise ValueError(f"{self.next} is more than was understood: {self._text}")


def _any(tokens: _Tokens) -> Holds:
    parts = [_all(tokens)]
    while tokens.took("OR"):
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else lambda *said: any(part(*said) for part in parts)


def _all(tokens: _Tokens) -> Holds:
    parts = [_one(tokens)]
    while tokens.took("AND"):
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda *said: all(part(*said) for part in parts)


def _one(tokens: _Tokens) -> Holds:
    if tokens.took("NOT"):
        inner = _one(tokens)
        return lambda *said: not inner(*said)
    if tokens.took("("):
        inner = _any(tokens)
        tokens.must(")")
        return inner
    if tokens.next in _ASKING:
        return _function(tokens)
    return _comparison(tokens)


def _function(tokens: _Tokens) -> Holds:
    name, arguments = tokens.take(), []
    tokens.must("(")
    while not tokens.took(")"):
        arguments.append(_operand(tokens))
        tokens.took(",")
    ask = _ASKING[name]
    return lambda *said: ask(*(argument(*said) for argument in arguments))


def _comparison(tokens: _Tokens) -> Holds:
    left, how = _operand(tokens), tokens.take().upper()
    if how == "BETWEEN":
        low = _operand(tokens)
        tokens.must("AND")
        high = _operand(tokens)
        at_least, at_most = _compared(left, ">=", low), _compared(left, "<=", high)
        return lambda *said: at_least(*said) and at_most(*said)
    if how == "IN":
        tokens.must("(")
        among = []
        while not tokens.took(")"):
            among.append(_compared(left, "=", _operand(tokens)))
            tokens.took(",")
        return lambda *said: any(equal(*said) for equal in among)
    return _compared(left, how, _operand(tokens))


def _compared(left: Operand, how: str, right: Operand) -> Holds:
    """What is not there is neither equal to anything nor more or less."""
    compare = _COMPARED[how]

    def holds(*said: Any) -> bool:
        one, other = left(*said), right(*said)
        if one is None or other is None:
            return how == "<>" and one is not other
        if one.keys() != other.keys():
            return how == "<>"
        return compare(plain(one), plain(other))

    return holds


def _operand(tokens: _Tokens) -> Operand:
    name = tokens.take()
    if name.startswith(":"):
        return lambda _, __, values: values[name]
    if name.startswith("#"):
        return lambda item, names, _: item.get(names[name])
    return lambda item, _, __: item.get(name)


_ASKING: dict[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "begins_with": lambda value, start: value is not None and str(plain(value)).startswith(plain(start)),
    "contains": lambda value, part: value is not None and plain(part) in plain(value),
}

Step = Callable[[Item, dict[str, Value], Names, Values], None]
"""Reads the item as it was, and changes the one that it becomes."""


def _steps(tokens: _Tokens) -> Iterator[Step]:
    making = {"SET": _set, "ADD": _add, "REMOVE": _remove}
    clause = ""
    while tokens.next:
        clause = tokens.take().upper() if tokens.next.upper() in _CLAUSES else clause
        yield making[clause](tokens)
        tokens.took(",")


def _set(tokens: _Tokens) -> Step:
    name = tokens.take()
    tokens.must("=")
    value = _term(tokens)
    if tokens.next in ("+", "-"):
        sign, first, second = tokens.take(), value, _term(tokens)

        def value(*said: Any) -> Value | None:
            one, other = (plain(part(*said) or {"N": "0"}) for part in (first, second))
            return {"N": str(one + other if sign == "+" else one - other)}

    def step(item: Item, after: dict[str, Value], names: Names, values: Values) -> None:
        found = value(item, names, values)
        if found is None:
            raise ValueError("an update with what is not there")
        after[names.get(name, name)] = found

    return step


def _term(tokens: _Tokens) -> Operand:
    if not tokens.took("IF_NOT_EXISTS"):
        return _operand(tokens)
    tokens.must("(")
    own = _operand(tokens)
    tokens.must(",")
    other = _operand(tokens)
    tokens.must(")")

    def found(*said: Any) -> Value | None:
        return own(*said) or other(*said)

    return found


def _add(tokens: _Tokens) -> Step:
    name, value = tokens.take(), _operand(tokens)

    def step(item: Item, after: dict[str, Value], names: Names, values: Values) -> None:
        more, key = value(item, names, values), names.get(name, name)
        after[key] = {"N": str(plain(item.get(key, {"N": "0"})) + plain(more or {"N": "0"}))}

    return step


def _remove(tokens: _Tokens) -> Step:
    name = tokens.take()

    def step(_: Item, after: dict[str, Value], names: Names, __: Values) -> None:
        after.pop(names.get(name, name), None)

    return step
