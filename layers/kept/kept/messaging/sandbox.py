"""What a business may write into a text: the names that ours have, and a choice by them.

No loops, calls, attributes, sums or definitions: a text costs no more than its length, and reaches behind no name. That
Jinja2's own sandbox would stop the rest is the second lock, not the first.
"""

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_SOURCE = 2000
LONGEST = {"subject": 200, "body": 5000, "sms": 700, "button": 60}
"""Letters of what comes out, for each block; ours stay far below."""

DEEPEST = 12
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Filter,
)
FILTERS = frozenset({"length", "upper", "lower", "capitalize", "title", "trim"})
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
"""The layout escapes, as it does our own words."""
_environment.globals.clear()


class Unsayable(ValueError):
    """A business's own words that cannot be said of this matter; `block` is where, the words say why."""

    def __init__(self, block: str, why: str) -> None:
        super().__init__(why)
        self.block = block


def said(block: str, source: str, says: Mapping[str, object]) -> str:
    """Raises Unsayable: for what is not allowed or not known, even where this matter would not come to it."""
    template, named = _checked(block, source)
    if unknown := sorted(named - says.keys()):
        raise Unsayable(block, f"There is no {', '.join(unknown)} in this text.")
    try:
        text = template.render(says)
    except (TemplateError, TypeError) as error:
        raise Unsayable(block, str(error)) from error
    if not text.strip():
        raise Unsayable(block, "It may come out empty.")
    if len(text) > LONGEST[block]:
        raise Unsayable(block, f"It may come out longer than {LONGEST[block]} letters.")
    return text


@lru_cache(maxsize=256)
def _checked(block: str, source: str) -> tuple[Template, frozenset[str]]:
    """The template and every name in it, those included that Jinja2 knows by itself: self, range.

    What is nested too deeply for Python's own parser is a failure like another.
    """
    if len(source) > LONGEST_SOURCE:
        raise Unsayable(block, f"It is longer than {LONGEST_SOURCE} letters.")
    try:
        tree = _environment.parse(source)
        _check(block, tree)
        return _environment.from_string(tree), frozenset(node.name for node in tree.find_all(nodes.Name))
    except (TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise Unsayable(block, str(error) or "It cannot be read.") from error


def _check(block: str, node: nodes.Node, depth: int = 0) -> None:
    kind = type(node).__name__.lower()
    if depth > DEEPEST:
        raise Unsayable(block, "It is nested too deeply.")
    if not isinstance(node, ALLOWED):
        raise Unsayable(block, f"It may only name things and choose between words: no {kind}.")
    if isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.args or node.kwargs):
        raise Unsayable(block, f"There is no filter {node.name}, only {', '.join(sorted(FILTERS))}.")
    for child in node.iter_child_nodes():
        _check(block, child, depth + 1)
