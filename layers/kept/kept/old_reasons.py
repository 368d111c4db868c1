"""Reasons as they were stored until December 2026: English sentences, most behind the status of their message.

Read as long as what holds them is kept: the ledger for two years after the last of them, a client's stops for good.
"""

import re
from functools import cache

STATUS = re.compile(r"(?:queued|delayed|sending|to_call|sent|skipped|suppressed|failed|missed): ")

OLD_REASONS = {
    "the client or the appointment is gone": "gone",
    "still expected": "still_expected",
    "already here": "already_here",
    "already over": "already_over",
    "already confirmed": "already_confirmed",
    "marked as a no-show": "marked_no_show",
    "cancelled": "cancelled",
    "moved to another time": "moved",
    "taken back": "taken_back",
    "not offered any more": "not_offered",
    "the wait was over": "wait_over",
    "too late": "too_late",
    "too late to be of use": "of_no_use",
    "do not disturb": "do_not_disturb",
    "they said stop": "said_stop",
    "said STOP to this number": "stop_from_number",
    "opted out": "opted_out",
    "unsubscribed": "unsubscribed",
    "they want none any more": "wants_none",
    "no consent for {channel}": "no_consent",
    "no address for {channel}": "no_address",
    "it is somebody else's number": "not_their_number",
    "the address does not exist": "no_such_address",
    "there is no such number": "no_such_number",
    "it bounced before": "bounced_before",
    "marked as spam": "marked_spam",
    "marked as spam before": "marked_spam_before",
    "no text messages to this kind of number": "not_texted",
    "too many messages in a day to somebody who never answered": "never_answered",
    "{most} automatic answers within the hour": "answered_enough",
    "quiet hours until {until}": "quiet_hours",
    "by the law of {country} not before {until}": "lawful_from",
    "outside the hours that the law of {country} allows": "outside_lawful_hours",
    "outside their own hours, until {until}": "outside_their_hours",
    "outside the office profile's hours, until {until}": "outside_office_hours",
    "outside the home profile's hours, until {until}": "outside_home_hours",
    "outside the student profile's hours, until {until}": "outside_student_hours",
    "outside the best hours, until {until}": "outside_best_hours",
    "outside the hours for invitations, until {until}": "outside_inviting_hours",
    "{most} invitations within {days} days, until {until}": "invited_enough",
    "no public holiday is near, until {until}": "no_holiday_near",
    "near a public holiday, until {until}": "holiday_near",
    "not at work until {until}": "not_at_work",
    "all of it was answered in the meantime": "all_answered",
    "told in one list with the others": "in_a_list",
    "outside their working hours, told in one list": "at_night",
    "the same reader is told of it at another level": "told_at_another_level",
    "no target any more": "no_target",
    "answered in the meantime": "answered_meanwhile",
    "waiting for the client": "waiting_for_client",
    "a later notice is due": "later_notice",
    "no_answer": "no_answer",
    "voicemail": "voicemail",
    "wrong_number": "called_wrong_number",
    "nobody called": "nobody_called",
    "staff are not called": "staff_not_called",
    "in doubt whether it was sent": "in_doubt",
    "sent again: the first attempt is in doubt": "sent_again",
    "sent, but not delivered: sent again elsewhere": "not_delivered_elsewhere",
    "sent, but not read: sent again elsewhere": "not_read_elsewhere",
    "given up after {attempts} attempts": "given_up",
    "set aside": "set_aside",
    "the sending rate of {channel}": "sending_rate",
    "the provider is down": "provider_down",
    "the provider of {channel} is down": "provider_shut",
    "the provider asks for patience": "provider_busy",
    "the provider is unavailable ({error})": "provider_unavailable",
    "it could not be written ({error})": "not_written",
    "no number for {channel}": "no_number",
    "no {channel} account": "no_account",
    "no text tells of it": "no_text_tells",
    "refused by the provider ({error})": "refused",
    "refused by the gateway ({error})": "refused_by_gateway",
    "refused by WhatsApp ({error})": "refused_by_whatsapp",
    "a request that the provider's form does not allow": "wrong_form",
    "refused by the provider, who found a virus in it": "virus",
    "an address that e-mail cannot be sent to": "no_email_address",
    "not a number that text messages go to": "no_text_number",
    "no approved template for this text": "no_template",
    "the template asks for what is not known: {error}": "template_asks",
    "too long: {parts} text messages, at most {most} are sent": "too_many_parts",
    "too long: at most {most} characters are sent": "too_long",
    "texts to this country are blocked": "country_blocked",
    "dearer than the price cap": "too_dear",
    "no text messages from a name to this country": "no_named_sender",
    "no advertisements by text message in {country}": "no_advertising",
    "no text registered for {country}": "not_registered",
    "not delivered": "not_delivered",
    "not delivered in time": "not_in_time",
    "the mailbox is full": "mailbox_full",
    "too large for the mailbox": "mailbox_too_small",
    "the mailbox could not be reached": "mailbox_unreachable",
    "its content was refused": "content_refused",
    "its attachment was refused": "attachment_refused",
    "the text was refused": "text_refused",
    "the telephone could not be reached": "phone_unreachable",
    "the carrier could not be reached": "carrier_unreachable",
    "blocked by the telephone or its carrier": "blocked_by_phone",
    "blocked by the carrier": "blocked_by_carrier",
    "blocked by the account's own protection": "blocked_by_account",
    "taken for spam by the carrier": "spam_to_carrier",
    "the carrier did not say what became of it": "carrier_silent",
    "not on WhatsApp, or they block the number": "not_on_whatsapp",
    "they stopped invitations on WhatsApp": "stopped_on_whatsapp",
    "more than 24 hours since they wrote": "window_closed",
    "WhatsApp limits invitations to a person": "whatsapp_limit",
    "WhatsApp held it back as an experiment": "whatsapp_experiment",
    "sent too fast": "too_fast",
    "too many to one person": "too_many_to_one",
    "no such template in this language": "no_such_template",
    "the template is paused": "template_paused",
    "the template is disabled": "template_disabled",
    "WeChat could not deliver it": "not_delivered_by_wechat",
    "they do not follow the account": "not_a_follower",
    "nobody the account knows": "not_known_to_account",
    "they are on the account's black list": "on_black_list",
    "they block the account": "blocks_account",
    "they refused these messages": "refuses_these",
    "no one-time subscription to a reminder": "no_reminder_tap",
    "no one-time subscription to an invitation": "no_invitation_tap",
    "WeChat knows of no subscription that is left": "no_tap_at_wechat",
    "WeChat knows of none that is left": "no_tap_at_wechat",
    "they declined it in WeChat": "declined_in_wechat",
    "confirmed": "confirmed",
    "was cancelled before": "cancelled_before",
    "other times offered ({count})": "times_offered",
    "waits for them": "waits_for_them",
    "left to a person: {follow_up}": "left_to_a_person",
    "no more messages over {channel}": "no_more_messages",
    "messages over {channel} again": "messages_again",
    "nothing to start": "nothing_to_start",
    "wrong number: nothing more goes there": "number_left",
    "nothing to do": "nothing_to_do",
}
"""By its sentence, with the facts that stood in it: the code that stands for it now."""


def read_old(text: str) -> tuple[str, dict[str, str]]:
    """Its code and facts, of which an instant is a time of day without its zone; of any other sentence the words."""
    said = STATUS.sub("", text, count=1) if STATUS.match(text) else text
    if code := OLD_REASONS.get(said):
        return code, {}
    found = ((code, pattern.fullmatch(said)) for pattern, code in _patterns())
    known = ((code, match.groupdict()) for code, match in found if match)
    return next(known, ("in_their_words", {"words": said}))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Of those with facts; only what is old asks for them."""
    return tuple((_pattern(said), code) for said, code in OLD_REASONS.items() if "{" in said)


def _pattern(said: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", said)
    return re.compile("".join(f"(?P<{part}>.+)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.S)
