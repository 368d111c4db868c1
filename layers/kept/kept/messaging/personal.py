"""What one of the staff wrote to a client, as its channel carries it: their own words, and nothing of ours in them."""

import re
from dataclasses import dataclass

from kept.channels import Channel
from kept.messaging.letter import Greeting
from kept.messaging.segments import segments
from kept.messaging.terse import plain
from kept.messaging.text_context import names
from kept.messaging.text_forms import TextForm, signed
from kept.messaging.texts import Mail, Rendered, laid_out
from kept.messaging.words import words_in
from kept.reasons import Code, Reason, because

MOST_PARTS = 4
"""Of a text message: some 600 Latin letters, or 268 Chinese characters. Longer than that is for an e-mail or a call."""

WECHAT_BYTES = 2_048
LONGEST = 2_000
"""Characters, of an answer over the other channels: WhatsApp takes 4,096, and a longer mail is a letter."""


@dataclass(frozen=True, slots=True)
class Length:
    """`parts` and `encoding` are those of a text message, 1 and "" elsewhere; `left` is how many characters more take
    no further part of it, or on another channel still fit: below 0 it is too long. `why` it cannot be sent so long."""

    characters: int
    parts: int
    left: int
    encoding: str = ""
    why: Reason | None = None


def length(said: str, channel: Channel, form: TextForm) -> Length:
    """As it will be sent."""
    text = as_message(said, channel, form)
    match channel:
        case Channel.SMS:
            cut = segments(text)
            why = because(Code.TOO_MANY_PARTS, parts=cut.count, most=MOST_PARTS) if cut.count > MOST_PARTS else None
            return Length(len(text), cut.count, cut.left, cut.encoding, why)
        case Channel.WECHAT:
            left, most = (WECHAT_BYTES - len(text.encode())) // 3, WECHAT_BYTES // 3
        case _:
            left, most = LONGEST - len(text), LONGEST
    return Length(len(text), 1, left, why=because(Code.TOO_LONG, most=most) if left < 0 else None)


def personal(said: str, channel: Channel, to: Greeting) -> Rendered:
    """An e-mail has the business's name in its subject and its address at its end; the others are the words alone."""
    words = words_in(to.locale)
    if channel is not Channel.EMAIL:
        return Rendered(words.language, "", as_message(said, channel, to.form))
    mail = Mail(subject(to.business, to.locale), [p.strip() for p in re.split(r"\n\s*\n", said) if p.strip()])
    return laid_out(mail, names(to, words), words)


def as_message(said: str, channel: Channel, form: TextForm) -> str:
    """A text message is written in the plain alphabet where typographers' signs alone would double its price."""
    return plain(signed(said, form.signature)) if channel is Channel.SMS else said


def subject(business: str, locale: str) -> str:
    return words_in(locale).answer.format(business=business)
