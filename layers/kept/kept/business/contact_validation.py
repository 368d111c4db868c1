"""Channels, stages and contact rules that make sense: what a business may not save about its messages."""

from datetime import timedelta
from itertools import pairwise

from kept.business.catalog import Business
from kept.business.checks import must, once
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import WHOLE_DAY, Hours, QuietHours
from kept.business.reminder_stages import DEFAULT_STAGES, Stage
from kept.business.text_names import (
    BY_SUBSCRIPTION,
    CHANNEL_TRIAL,
    OWN_STAGES,
    PLAIN_WORDS,
    STAFF_ANSWER,
    TO_CLIENTS,
    TO_STAFF,
    WECHAT_ONCE,
)
from kept.business.text_terms import TextTerms
from kept.channels import Channel

NONE = timedelta(0)
HAVE_TEMPLATES = (Channel.WHATSAPP, Channel.WECHAT, Channel.SMS)
ONCE_TEXTS = {f"{WECHAT_ONCE}/{text}" for text in BY_SUBSCRIPTION}
LONGEST_SIGNATURE = 20
"""Characters; a registered signature has 2 to 20."""

MOST_HOLIDAY_DAYS = 14
"""With more, a country may have no day left between two of its holidays."""


def check_messages(business: Business) -> None:
    """Raises InvalidSetting."""
    must(business.channels, "channels", "Nobody could be reached.")
    must(once(business.channels), "channels", "One is named twice.")
    check_stages(business.stages, business.channels)
    _check_templates(business)
    _check_text_terms(business.text_terms)
    _check_contact(business.contact, business.quiet_hours)


def check_stages(stages: tuple[Stage, ...], channels: tuple[Channel, ...]) -> None:
    """A name goes into a message's id: a stage named like another text of the appointment would never be sent.

    Staff can call for a stage where calls are no channel that others fall back on. Raises InvalidSetting.
    """
    taken = {*TO_CLIENTS, *PLAIN_WORDS, STAFF_ANSWER, *TO_STAFF} - {
        OWN_STAGES,
        *(stage.name for stage in DEFAULT_STAGES),
    }
    for stage in stages:
        must(stage.before > NONE, "stages", f"{stage.name} must be some time before the start.")
        must(stage.name not in taken, "stages", f"{stage.name} is the name of another message.")
        must(stage.over in (None, Channel.CALL, *channels), "stages", f"{stage.over} is none of the channels in use.")
    must(once(stage.name for stage in stages), "stages", "Two stages have the same name.")
    must(once(stage.before for stage in stages), "stages", "Two stages are at the same time; only one would be sent.")


def _check_templates(business: Business) -> None:
    texts = {*TO_CLIENTS, CHANNEL_TRIAL, *(stage.name for stage in business.stages)}
    for key, name in business.templates.items():
        must(name, "templates", f"{key} has no name.")
        if key in ONCE_TEXTS:
            continue
        channel, _, text = key.partition("/")
        must(channel in HAVE_TEMPLATES, "templates", f"{key}: it is {' or '.join(HAVE_TEMPLATES)}, a slash and a text.")
        must(text in texts, "templates", f"{key}: there is no such text.")


def _check_text_terms(terms: TextTerms) -> None:
    for name, field in ((terms.signature, "signature"), (terms.wechat_name, "wechat_name")):
        must(len(name) <= LONGEST_SIGNATURE, f"text_terms.{field}", f"It has more than {LONGEST_SIGNATURE} characters.")
        must(not set("【】") & set(name), f"text_terms.{field}", "The brackets 【】 are added when it is sent.")


def _check_contact(rules: ContactRules, quiet: QuietHours) -> None:
    must(rules.opens < rules.closes, "contact.closes", "It must be later than contact.opens.")
    _check_windows("contact.never", rules.never)
    _check_windows("contact.best", rules.best)
    must(rules.left_of([WHOLE_DAY], quiet), "contact.never", "Nothing is left of the day beside it and quiet_hours.")
    must(
        rules.left_of(rules.best or [WHOLE_DAY], quiet),
        "contact.best",
        "Nothing is left of it beside contact.never and quiet_hours.",
    )
    must(
        0 <= rules.holiday_days <= MOST_HOLIDAY_DAYS,
        "contact.holiday_days",
        f"It is from nothing to {MOST_HOLIDAY_DAYS} days.",
    )
    must(rules.week_cap >= 1, "contact.week_cap", "It must be at least 1.")
    must(rules.month_cap >= 1, "contact.month_cap", "It must be at least 1.")
    must(rules.unread_after > NONE, "contact.unread_after", "It must be longer than nothing.")


def _check_windows(field: str, windows: tuple[Hours, ...]) -> None:
    for begins, ends in windows:
        must(begins < ends, field, f"{begins:%H:%M}-{ends:%H:%M} ends before it begins.")
    for (_, ends), (begins, _) in pairwise(sorted(windows)):
        must(ends <= begins, field, f"Two of its windows overlap at {begins:%H:%M}.")
