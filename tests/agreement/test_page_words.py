"""The words of the pages: the same in every language, each of them used, and one for everything a client can meet."""

import json
import re
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

from kept import pages
from kept.api.problems import catalogue
from kept.booking.busy_hours import Busy
from kept.booking.dispute import DisputeState
from kept.booking.states import CancelReason, Status
from kept.business.catalog import Mode
from kept.channels import Channel
from kept.clients.client import Occupation
from kept.clients.subscriptions import TapKind
from kept.pages import language
from kept.pages.appointment.offers import AFTER
from kept.pages.booking.choosing import Full, PartOfDay
from kept.pages.waitlist.place import DONE
from kept.payments.payment import SecuredBy
from kept.policy.deposit import DepositMove
from kept.policy.winning_back import WayBack
from kept.use_cases.clients.starting_again import Way
from kept.use_cases.waiting.line import QueueStage

FOLDER = Path(pages.__file__).parent
CODE = [file for file in FOLDER.rglob("*.py") if file.parent.name != "desk"]
SOURCE = "\n".join(file.read_text() for file in [*CODE, *FOLDER.glob("templates/*.html")])
FAMILIES: dict[str, set[str]] = {
    "busy.": {Busy.QUIET, Busy.PEAK},
    "mode.": set(Mode),
    "queue.stage.": {QueueStage.WAITING, QueueStage.IN_SERVICE, QueueStage.DONE},
    "queue.now.": {QueueStage.IN_SERVICE, QueueStage.DONE, QueueStage.LEFT},
    "part.": set(PartOfDay),
    **{family: set(Full) for family in ("times.none.", "times.short.", "times.text.")},
    "status.": set(Status),
    "reason.": set(CancelReason),
    "channel.": set(Channel),
    "done.": set(AFTER),
    "back.": set(WayBack),
    "dispute.": {*DisputeState, *(f"{it}.text" for it in DisputeState)},
    "fee.": {"cancelling", "moving"},
    "pay.how.": set(SecuredBy),
    "deposit.now.": {"due", "held", "kept", "lost", "owed", "to_come_back", "back"},
    "deposit.move.": {*DepositMove, "due"},
    "again.": {*Way, "title", "nothing", "call"},
    "wechat.": {*TapKind, "title", "hint"},
    "wechat.tapped.": set(TapKind),
    "field.": {"name", "phone", "phone_hint", "email", "note"},
    "occupation.": set(Occupation),
    "waiting.place.": {"first", "few", "some"},
    "waiting.of.": {"any", "near", "due"},
    "waiting.gaps.": {"near", "due"},
    "waiting.done.": set(DONE),
    "continent.": set(language.language("en").zones()),
}
WRONG = (
    "name_missing", "too_long", "invalid_phone", "ambiguous_phone", "premium_phone", "not_textable", "invalid_email",
    "unwritable_email", "no_contact", "consent_required", "sms_not_served",
    "code_wrong", "code_expired", "code_used", "business_taken", "email_in_use", "business_unnamed", "address_unusable",
    "not_chosen", "zone_not_chosen", "not_known",
    "answer_missing", "question_unknown", "not_a_choice", "not_yes_or_no", "not_a_number", "number_out_of_range",
    "answer_too_long",
)  # fmt: skip
ELSEWHERE = {
    "unknown_waitlist_entry", "unknown_opening", "waitlist_entry_over", "offer_over", "offer_not_possible",
    "too_many_waits",
    "unknown_closure", "closure_undone",
    "unknown_client", "unknown_follow_up", "unknown_item", "invalid_setting", "malformed_json", "sign_in_required",
    "role_required", "follow_up_closed", "follow_up_full", "invalid_phone", "invalid_email", "no_contact",
    "consent_required", "contact_taken",
    "not_signed", "promotion_not_agreed", "invalid_duration", "no_opening",
    "cannot_merge", "follow_up_open", "in_the_future", "invalid_pause", "nothing_to_dismiss", "out_of_order",
    "reason_required", "step_not_due", "unknown_policy", "ambiguous_phone", "premium_phone", "not_textable",
    "unwritable_email", "stale_reply", "unknown_room", "sms_not_served", "link_required",
    "in_progress", "unknown_note", "too_many_pinned", "changed_since", "contact_held", "channel_closed",
    "answer_too_long", "unknown_block", "no_channel_open", "same_client", "already_merged", "too_many_merged",
    "standing_ended", "nobody_to_try", "channel_not_used", "tried_too_often", "unknown_picture", "unknown_payment",
    "not_merged", "merge_is_final", "unknown_webhook", "unknown_delivery", "webhook_off",
    "unknown_sign_in", "email_in_use", "own_sign_in", "signed_in_already",
    "code_wrong", "code_expired", "code_used", "business_taken", "no_picture", "picture_too_large",
    "invalid_amount", "another_currency", "unknown_reason", "unknown_entry", "already_reversed", "invalid_delay",
    "waiver_above_limit", "not_disputed", "dispute_open", "deposit_not_due", "deposit_not_lost", "declined_by_answers",
    "not_by_hand", "unknown_queue_number", "queue_full", "not_today", "unknown_stage",
}  # fmt: skip
"""What no page of its own tells: staff's refusals, and those of a field, which stand beside the field."""


@pytest.mark.parametrize("other", language.LANGUAGES)
def test_every_language_says_the_same_with_the_same_facts(other: str) -> None:
    english, words = language.language("en").words, language.language(other).words
    assert words.keys() == english.keys()
    assert {key: facts(words[key]) for key in words} == {key: facts(english[key]) for key in english}
    assert [key for key, said in words.items() if not said] in ([], ["duration.between"])


def facts(words: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_every_word_is_used_and_every_family_is_complete() -> None:
    words = set(language.language("en").words)
    used = set(re.findall(r"""(?:\bt|says)\(["']([\w.]+)["']""", SOURCE)) | {"duration.between"}
    families = {f"{family}{name}" for family, names in FAMILIES.items() for name in names}
    wrong = {f"wrong.{code}" for code in WRONG}
    refusals = {key for key in words if key.startswith("refused.")}
    assert words == {key for key in used if not key.endswith((".", "_"))} | families | wrong | refusals


def test_every_refusal_that_a_client_can_meet_has_words() -> None:
    codes = set(catalogue()) - ELSEWHERE | {"other"}
    refused = (key.split(".") for key in language.language("en").words if key.startswith("refused."))
    worded = {key[1] for key in refused if len(key) == 3}
    assert worded == codes


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in FOLDER.glob("words/*.json")])
def test_no_word_stands_twice_in_a_file(file: Path) -> None:
    def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)

    json.loads(file.read_text(), object_pairs_hook=once)


@pytest.mark.parametrize("minutes", [0, 1, 15, 45, 60, 90, 120, 1440, 2880, 10080, 525600])
@pytest.mark.parametrize("tag", language.LANGUAGES)
def test_no_unit_is_told_by_its_name_in_the_tables(tag: str, minutes: int) -> None:
    """Where a language lacks a length of its units, Babel writes "48 duration-hour"."""
    spoken = language.language(tag)
    said = [spoken.span(timedelta(minutes=minutes)), spoken.duration(minutes or 1)]
    assert not [it for it in said if "duration" in it]
    assert tag == "en" or not [it for it in said if re.search("[a-z]", it)], said
