"""A business's own words: what it may write, what is refused when it is saved, and what is said when they fail."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from kept.business.own_text import OwnText
from kept.business.text_names import CALL, DAY_LIST, GREETINGS, PLAIN_WORDS, TEXTS, TO_CLIENTS
from kept.channels import Channel
from kept.errors import InvalidSetting
from kept.messaging.letter import Greeting, Letter
from kept.messaging.samples import samples
from kept.messaging.sandbox import FILTERS, LONGEST, LONGEST_SOURCE
from kept.messaging.texts import render
from kept.messaging.trial import check_text
from kept.messaging.words import FOLDER, LANGUAGES, templates

SMS = "Hi {{ client }}: {{ service }}, {{ when }}. {{ link }}"


def own(stage: str = "two_days", language: str = "en", **blocks: str) -> OwnText:
    return OwnText(language, stage, **blocks)


def theirs(*texts: OwnText) -> Mapping[str, OwnText]:
    return {text.id: text for text in texts}


def a_letter(language: str = "en", **changed: object) -> Letter:
    ordinary = samples("two_days", language)[0]
    assert isinstance(ordinary, Letter)
    return replace(ordinary, **changed)  # type: ignore[arg-type]


def refused(text: OwnText, *stages: str) -> tuple[str, str]:
    """The field and the reason."""
    with pytest.raises(InvalidSetting) as refusal:
        check_text(text, stages)
    return str(refusal.value.facts["field"]), str(refusal.value.facts["reason"])


def test_its_words_stand_in_the_place_of_ours_and_the_rest_is_ours() -> None:
    """What it has not written stays ours: the facts in the mail, and the text message."""
    text = own(subject="Soon: {{ service }}", body="Dear {{ client }},\n\nsee you {{ when }}.", button="Look")
    check_text(text, ())
    mail = render("two_days", Channel.EMAIL, a_letter(), theirs(text))
    ours = render("two_days", Channel.EMAIL, a_letter())
    assert mail.subject == "Soon: Oil change"
    assert "Dear Anna Berg,\n\nsee you Sat, Mar 14, 2:00 PM." in mail.text
    assert f"Look: {a_letter().link}" in mail.text
    assert mail.text.split("\n\n")[2:3] == ours.text.split("\n\n")[3:4], "the facts"
    assert render("two_days", Channel.SMS, a_letter(), theirs(text)) == render("two_days", Channel.SMS, a_letter())


def test_they_are_for_one_text_in_one_language() -> None:
    """Neither another text nor a reader of another language gets them."""
    mine = theirs(own(sms=SMS))
    for stage, about in (("same_day", a_letter()), ("two_days", a_letter("zh-Hans"))):
        assert render(stage, Channel.SMS, about, mine) == render(stage, Channel.SMS, about)
    assert render("two_days", Channel.SMS, a_letter(), mine).text.startswith("Hi Anna Berg")


def test_a_stage_of_its_own_has_words_of_its_own_or_those_for_any_reminder() -> None:
    """What was written for the stage itself comes first."""
    for_any, for_this = own("reminder", sms=f"Any. {SMS}"), own("week_before", sms=f"This. {SMS}")
    check_text(for_this, ["week_before"])
    assert render("week_before", Channel.SMS, a_letter(), theirs(for_any)).text.startswith("Any.")
    assert render("week_before", Channel.SMS, a_letter(), theirs(for_any, for_this)).text.startswith("This.")


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK])
def test_every_conversation_is_in_its_words_and_keeps_the_keys(channel: Channel) -> None:
    """One text serves them all, and clients can always answer by key or stop it."""
    said = render("two_days", channel, a_letter(), theirs(own(sms=SMS)))
    assert said.text.startswith("Hi Anna Berg: Oil change")
    assert said.text.endswith("Reply 1 confirm, 2 move, 3 cancel, STOP")


def test_the_way_out_of_an_invitation_is_not_its_to_leave_out() -> None:
    """Whatever it writes, whoever is invited reads how to stop it, by STOP or by a link."""
    about = samples("recall", "en")[0]
    assert isinstance(about, Greeting)
    mine = theirs(own("recall", sms="Come: {{ link }}", body="Come again!"))
    assert about.unsubscribe in render("recall", Channel.EMAIL, about, mine).text
    assert render("recall", Channel.SMS, about, mine).text == f"Come: {about.link} STOP to end"
    assert about.unsubscribe in render("recall", Channel.SMS, replace(about, keys=False), mine).text


def test_a_script_for_the_telephone_can_be_its_own() -> None:
    """Staff on the telephone read the words for the call, and not those of the text message."""
    text = own(CALL, body="Ring {{ client }}.\n\nAsk about {{ when }}.")
    check_text(text, ())
    said = render("at_risk", Channel.CALL, a_letter(), theirs(text, own("at_risk", sms=SMS)))
    assert said.text == "Ring Anna Berg.\n\nAsk about Sat, Mar 14, 2:00 PM."


def test_what_staff_read_can_be_its_own() -> None:
    text = own(DAY_LIST, subject="{{ reader }}: {{ visits }}")
    check_text(text, ())
    assert render(DAY_LIST, Channel.EMAIL, samples(DAY_LIST, "en")[0], theirs(text)).subject == "Joe Miller: 3 visits"


def test_a_reminder_can_be_its_own_for_every_clock_and_threshold() -> None:
    """Its words may choose by what is to be done and by how much of the time has passed."""
    text = own("follow_up_reminder", subject="{% if percent %}{{ percent }} of 100: {% endif %}{{ duty }}")
    check_text(text, ())
    half, unasked, *_ = samples("follow_up_reminder", "en")
    said = [render("follow_up_reminder", Channel.EMAIL, it, theirs(text)).subject for it in (half, unasked)]
    assert said == ["50 of 100: get in touch with Anna Berg", "answer Anna Berg's message"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in TEXTS if name not in PLAIN_WORDS])
def test_ours_could_be_saved_as_its_own(name: str, language: str) -> None:
    """Whoever wants to change a text begins with ours, so the sandbox has to know all that ours use."""
    source = (FOLDER / language / f"{name}.j2").read_text()
    blocks = dict(re.findall(r"{% block (\w+) %}(.*?){% endblock %}", source, re.DOTALL))
    blocks.pop("target", None)
    check_text(own(name, language, **blocks), ())


NOT_ALLOWED = {
    "a loop": "{% for i in range(99999999) %}x{% endfor %}",
    "a loop over letters": "{% for letter in client %}{{ letter }}{% endfor %}",
    "a sum": "{{ 9 ** 9 ** 9 }}",
    "a very long string": "{{ 'x' * 1000000000 }}",
    "an attribute": "{{ client.__class__.__mro__ }}",
    "an item": "{{ client['__class__'] }}",
    "a call": "{{ client.upper() }}",
    "a global": "{{ lipsum(n=100000) }}",
    "a filter that attributes": "{{ client | attr('__class__') }}",
    "a filter that pads": "{{ client | center(1000000000) }}",
    "a filter that formats": "{{ '%1000000000d' | format(1) }}",
    "a filter that replaces": "{{ client | replace('a', client) }}",
    "a filter that vouches": "{{ client | safe }}",
    "an argument": "{{ client | trim('A') }}",
    "an inclusion": "{% include 'words.j2' %}",
    "an extension": "{% extends 'en/two_days.j2' %}",
    "a definition": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "an assignment": "{% set client = 'x' %}",
    "a block": "{% block target %}https://evil.example{% endblock %}",
    "a test": "{% if client is defined %}x{% endif %}",
    "escaping switched": "{% autoescape false %}x{% endautoescape %}",
    "braces that do not close": "{{ client",
    "a word that does not exist": "{{ clientt }}",
    "a word in a branch not taken": "x{% if false %}{{ clientt }}{% endif %}",
    "a word that others have": "{{ reader }}",
    "nothing": "{{ '' }}",
    "nothing for somebody": "{{ prepare }}",
    "a number compared with a word": "{% if free_hours < client %}x{% endif %}",
    "a number with a length": "{{ free_hours | length }}",
    "depth": "{{ " + "(" * 500 + "client" + ")" * 500 + " }}",
    "deep choices": "{% if client %}" * 60 + "x" + "{% endif %}" * 60,
    "many negations": "{{ " + "not " * 450 + "client }}",
}


@pytest.mark.parametrize("block", ["subject", "body", "button"])
@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in NOT_ALLOWED.items()])
def test_what_a_text_may_not_do_is_refused_with_its_part_and_the_reason(source: str, block: str) -> None:
    """Nobody's words run code, use up the machine or read what they were not given."""
    field, reason = refused(own(**{block: source}))
    assert field == block
    assert reason


@pytest.mark.parametrize("filtered", sorted(FILTERS))
def test_what_a_text_may_do_to_a_word(filtered: str) -> None:
    check_text(own(body=f"{{{{ client | {filtered} }}}}"), ())


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{% if asks and not prepare %}a{% elif mode == 'video' %}b{% else %}c{% endif %}", id="choices"),
        pytest.param("{{ 'by video' if mode == 'video' else place or 'soon' }}", id="one word or another"),
        pytest.param("{% if free_hours > 24 %}early{% else %}late{% endif %} {# a note #}", id="a comparison"),
        pytest.param("{% raw %}{{ }}{% endraw %}", id="braces as they are"),
    ],
)
def test_what_a_text_may_choose(source: str) -> None:
    check_text(own(body=source), ())


@pytest.mark.parametrize("name", TO_CLIENTS)
@pytest.mark.parametrize(
    "source",
    [
        pytest.param("Hi {{ client }}", id="none"),
        pytest.param("Hi {% if asks %}{{ link }}{% else %}x{% endif %}", id="not for everybody"),
        pytest.param("Hi {{ link | upper }}", id="one that leads nowhere"),
        pytest.param("Hi {{ preferences }}", id="another"),
        pytest.param("请点击{{ link }}确认", id="one that runs into the next word"),
    ],
)
def test_a_conversation_without_its_link_is_refused(name: str, source: str) -> None:
    """Clients could not answer: it has to be there for everybody, whole, with a space after it."""
    if name in GREETINGS and "asks" in source:
        source = "Hi {% if phone %}{{ link }}{% else %}x{% endif %}"
    assert refused(own(name, sms=source)) == ("sms", "It must hold the link, and after it a space or nothing.")


@pytest.mark.parametrize("block", LONGEST)
def test_what_comes_out_too_long_is_refused(block: str) -> None:
    """A short text grows with the names in it: what counts is what comes out."""
    names = "{{ prepare or 'x' }}" * 90 + ("{{ link }}" if block == "sms" else "")
    words = names if block != "body" else "{{ link }}" * 190
    field, reason = refused(own(**{block: words}))
    assert field == block
    assert "longer than" in reason


def test_a_text_that_is_too_long_itself_is_refused() -> None:
    assert refused(own(body="x" * (LONGEST_SOURCE + 1))) == ("body", "It is longer than 2000 letters.")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param(own(language="fr", sms=SMS), "language", id="a language without texts"),
        pytest.param(own("nothing", sms=SMS), "stage", id="no such text"),
        pytest.param(own("words", sms=SMS), "stage", id="a file that is no text"),
        pytest.param(own(), "body", id="nothing in it"),
        pytest.param(own("staff_booked", sms="x"), "sms", id="no conversation with staff"),
        pytest.param(own("day_list", button="x"), "button", id="no button for staff"),
        pytest.param(own(CALL, button="x"), "button", id="no button on the telephone"),
    ],
)
def test_a_text_that_is_not_there_is_refused(text: OwnText, field: str) -> None:
    """Nobody saves words that no message would ever use."""
    assert refused(text)[0] == field


def test_words_that_fail_when_they_are_said_give_way_to_ours_and_it_is_told() -> None:
    """What they name has changed since: here, a preparation that is so long now."""
    text = own(sms="{{ client }} {{ prepare }} {{ link }}")
    check_text(text, ())
    about = a_letter(prepare="x" * 800)
    said = render("two_days", Channel.SMS, about, theirs(text))
    assert replace(said, unsayable="") == render("two_days", Channel.SMS, about)
    assert said.unsayable == "sms: It may come out longer than 700 letters."
    assert render("two_days", Channel.SMS, a_letter(), theirs(text)).unsayable == ""


def test_words_saved_before_a_rule_was_made_are_held_to_it() -> None:
    """The client then gets ours, and it is told which part broke which rule."""
    said = render("two_days", Channel.EMAIL, a_letter(), theirs(own(body="{{ client.__class__ }}")))
    assert said.unsayable == "body: It may only name things and choose between words: no getattr."
    assert "Hello Anna Berg" in said.text


SCRIPT = "<script>alert(1)</script>"


def test_its_words_are_escaped_like_any_other() -> None:
    """A business that pastes markup into its words sends letters, and never a script."""
    mine = theirs(own(subject=SCRIPT, body=f"{SCRIPT} {{{{ client }}}}", button=SCRIPT))
    mail = render("two_days", Channel.EMAIL, a_letter(client="<b>Anna</b>"), mine)
    assert "<script" not in mail.html
    assert "<b>" not in mail.html
    assert SCRIPT in mail.text


def test_its_words_add_no_header_and_no_line() -> None:
    """A line break in them neither brings in a reader nor passes for a line of ours."""
    mine = theirs(own(subject="Hi\r\nBcc: all@example.com", sms="Hi\n{{ link }}", button="Go\n\nhttps://evil.example"))
    mail, text = (render("two_days", channel, a_letter(), mine) for channel in (Channel.EMAIL, Channel.SMS))
    assert mail.subject == "Hi Bcc: all@example.com"
    assert "\n" not in text.text
    assert f"Go https://evil.example: {a_letter().link}" in mail.text


def test_a_name_that_looks_like_a_template_is_only_a_name_to_it() -> None:
    """A client cannot write into a business's text through the name they book under."""
    about = a_letter(client="{{ link.__class__ }}")
    assert "Hi {{ link.__class__ }}:" in render("two_days", Channel.SMS, about, theirs(own(sms=SMS))).text


def test_its_words_cannot_change_what_the_next_message_sees() -> None:
    """What one business writes stays out of every other's messages."""
    before = dict(templates().globals)
    render("two_days", Channel.SMS, a_letter(), theirs(own(sms=SMS)))
    assert templates().globals == before
