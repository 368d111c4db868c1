"""A business's own text names what our texts name and chooses between words; all else is refused when it is saved, with
the field and the reason, and nothing of it is ever worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.business.own_text import OwnText
from kept.errors import InvalidSetting
from kept.messaging.sandbox import Unsayable, said
from kept.messaging.trial import check_text

SAYS = {"client": "Anna", "link": "https://kept.example/a/t", "asks": True, "percent": 50}

REFUSED = {
    "the template itself": "{{ self }}",
    "its own constructor": "{{ self.__init__ }}",
    "its way to the globals": "{{ self.__init__.__globals__ }}",
    "a block of its own": "{{ self.body() }}",
    "a choice by the template itself": "{% if self %}yes{% endif %}",
    "a comparison with the template itself": "{{ 'a' if self == client else 'b' }}",
    "the template itself, filtered": "{{ self|upper }}",
    "the parent": "{{ super() }}",
    "the parent, named alone": "{{ super }}",
    "a loop's state": "{{ loop }}",
    "a loop's count": "{{ loop.index }}",
    "a namespace": "{{ namespace }}",
    "a namespace, called": "{{ namespace(x=1).x }}",
    "a range": "{{ range }}",
    "a range, called": "{{ range(999999999)|length }}",
    "filler text": "{{ lipsum }}",
    "filler text's module": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "a cycler": "{{ cycler }}",
    "a cycler's constructor": "{{ cycler.__init__.__globals__.os }}",
    "a joiner": "{{ joiner }}",
    "a dictionary's type": "{{ dict }}",
    "the caller": "{{ caller() }}",
    "the caller, named alone": "{{ caller }}",
    "what a macro was given": "{{ varargs }}{{ kwargs }}",
    "the context": "{{ context }}",
    "the environment": "{{ environment }}",
    "the configuration of another framework": "{{ config }}",
    "the request of another framework": "{{ request.application }}",
    "a variable set": "{% set client = 'x' %}{{ client }}",
    "a block set": "{% set x %}y{% endset %}",
    "another file": "{% include 'en/words.j2' %}",
    "another file's words": "{% import 'en/words.j2' as words %}{{ words }}",
    "some of another file": "{% from 'en/words.j2' import labels %}",
    "another layout": "{% extends 'layout.html' %}",
    "a block": "{% block subject %}x{% endblock %}",
    "a macro": "{% macro m() %}x{% endmacro %}{{ m() }}",
    "a call block": "{% call client() %}x{% endcall %}",
    "a filter block": "{% filter upper %}x{% endfilter %}",
    "a with block": "{% with x = 1 %}{{ x }}{% endwith %}",
    "an autoescape block": "{% autoescape true %}x{% endautoescape %}",
    "a do": "{% do client.clear() %}",
    "a loop with itself inside": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "huge repetition": "{{ 'a' * 10**9 }}",
    "huge repetition of a list": "{{ [0] * 10**9 }}",
    "a huge power": "{{ 10**10**10 }}",
    "a division by nothing": "{{ 1 / 0 }}",
    "a format by percent": "{{ '%999999999d' % percent }}",
    "a format by method": "{{ '{0.__class__}'.format(client) }}",
    "a format by filter": "{{ '%s'|format(client) }}",
    "a format by map": "{{ '{0.__class__}'.format_map(client) }}",
    "an attribute": "{{ client.upper }}",
    "an attribute by filter": "{{ client|attr('__class__') }}",
    "an attribute by index": "{{ client['__class__'] }}",
    "a walk up": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "a letter": "{{ client[0] }}",
    "a slice": "{{ client[::-1] }}",
    "a list": "{{ [client] }}",
    "a pair": "{{ (client, link) }}",
    "a dictionary": "{{ {'a': client} }}",
    "two joined": "{{ client ~ link }}",
    "two added": "{{ client + link }}",
    "a test": "{{ client is defined }}",
    "padding": "{{ client|center(999999999) }}",
    "padding by indent": "{{ client|indent(999999999) }}",
    "replacing": "{{ client|replace('', client) }}",
    "markup": "{{ client|safe }}",
    "links made": "{{ client|urlize }}",
    "a random choice": "{{ client|random }}",
    "a dump": "{{ client|pprint }}",
    "JSON": "{{ client|tojson }}",
    "a filter with a word": "{{ client|trim('A') }}",
    "a filter of a filter": "{{ client|map('upper')|join }}",
    "a name nobody knows": "{{ nobody }}",
    "a name nobody knows, where it would not come to it": "{% if false %}{{ nobody }}{% endif %}",
    "a hidden name": "{{ __builtins__ }}",
    "a name of full-width letters": "{{ ｓｅｌｆ }}",
    "half a tag": "{{ client",
    "half a choice": "{% if asks %}",
    "nested beyond reading": "{{ " + "(" * 400 + "client" + ")" * 400 + " }}",
    "not not not": "{{ " + "not " * 400 + "client }}",
    "filters without end": "{{ client" + "|upper" * 200 + " }}",
    "nothing to be seen": "{# all of it a remark #}",
}


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in REFUSED.items()])
@pytest.mark.parametrize("block", ["subject", "body", "sms"])
def test_what_is_not_a_name_or_a_choice_is_refused_when_it_is_saved(block: str, source: str) -> None:
    """Whoever writes it learns the field and the reason at once, before any client could get it."""
    ending = " {{ link }}" if block == "sms" and not source.startswith("{#") else ""
    with pytest.raises(InvalidSetting) as refusal:
        check_text(OwnText("en", "two_days", **{block: source + ending}), ())
    assert refusal.value.facts["field"] == block
    assert refusal.value.facts["reason"]


@pytest.mark.parametrize(
    ("source", "comes_out"),
    [
        pytest.param("Dear {{ client }}", "Dear Anna", id="a name"),
        pytest.param("{{ client|upper }}", "ANNA", id="a filter of those allowed"),
        pytest.param("{% if asks %}Come{% else %}See you{% endif %}", "Come", id="a choice"),
        pytest.param("{{ 'half' if percent == 50 else 'more' }}", "half", id="a choice in a line"),
        pytest.param("{% raw %}{{ self }}{% endraw %}", "{{ self }}", id="braces that are meant"),
        pytest.param("myself {{ 'self' }}", "myself self", id="the word itself"),
    ],
)
def test_what_names_and_chooses_is_said(source: str, comes_out: str) -> None:
    """Names, allowed filters, choices and braces that are meant come out as the business meant them."""
    assert said("body", source, SAYS) == comes_out


PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "self",
    "client",
    ".",
    "__class__",
    "[",
    "]",
    "(",
    ")",
    "|",
    "attr",
    "'",
    "*",
    "9",
    " if ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_written_comes_out_as_words_or_is_refused(source: str) -> None:
    """Nothing of the program's own inside ever reaches a client's message."""
    try:
        words = said("body", source, SAYS)
    except Unsayable:
        return
    assert "object at 0x" not in words
    assert "<class" not in words
    assert "TemplateReference" not in words
