"""The one family of refusals: each has a stable code, words for a person and the facts to act on.

What HTTP makes of them stands in `problems.STATUS`, one table for all.
"""

from typing import ClassVar


class Refusal(Exception):
    """A request that is declined and has changed nothing."""

    code: ClassVar[str]
    words: ClassVar[str]

    def __init__(self, words: str | None = None, **facts: object) -> None:
        super().__init__(words or self.words)
        self.facts = facts


class UnknownBusiness(Refusal):
    """No such business in this deployment."""

    code = "unknown_business"
    words = "There is no such business."


class UnknownService(Refusal):
    """Not a service of this business, or no longer offered."""

    code = "unknown_service"
    words = "This business has no such service."


class UnknownStaff(Refusal):
    """Not a staff member of this business, or not one who does this service."""

    code = "unknown_staff"
    words = "This business has no such staff member for this service."


class UnknownRoom(Refusal):
    """Not a room of this business."""

    code = "unknown_room"
    words = "This business has no such room."


class StaffLeft(Refusal):
    """Whoever the visit is with is not here any more; facts hold those who do the same, by their ids."""

    code = "staff_left"
    words = "The person this was booked with has left; choose somebody else."


class UnknownAppointment(Refusal):
    """No such appointment in this business."""

    code = "unknown_appointment"
    words = "There is no such appointment."


class UnknownClient(Refusal):
    """No such client in this business."""

    code = "unknown_client"
    words = "There is no such client."


class UnknownFollowUp(Refusal):
    """No such follow-up in this business."""

    code = "unknown_follow_up"
    words = "There is no such follow-up."


class UnknownPolicy(Refusal):
    """The business has never saved a policy of that number."""

    code = "unknown_policy"
    words = "There is no policy with this number."


class UnknownItem(Refusal):
    """Nothing of that kind and id was set aside."""

    code = "unknown_item"
    words = "There is no such item."


class UnknownRoute(Refusal):
    """No route answers this path and method."""

    code = "unknown_route"
    words = "There is nothing at this address."


class UnknownZone(Refusal):
    """A time zone that the IANA database does not know."""

    code = "unknown_zone"
    words = "This time zone is not known; use a name such as Europe/Berlin."


class InvalidSetting(Refusal):
    """A setting that makes no sense; facts name the field and the reason."""

    code = "invalid_setting"
    words = "This setting makes no sense."


class InvalidDuration(Refusal):
    """No time, or less, where a clock needs some."""

    code = "invalid_duration"
    words = "The time must be longer than nothing."


class NoOpening(Refusal):
    """The business calendar has no more open time, or so little that a hundred years do not hold what is asked."""

    code = "no_opening"
    words = "This calendar does not open for as long as that."


class InvalidPhone(Refusal):
    """A telephone number that cannot be one."""

    code = "invalid_phone"
    words = "This is not a telephone number; write it with its country code, such as +1 212 555 0123."


class InvalidEmail(Refusal):
    """An e-mail address that cannot be one."""

    code = "invalid_email"
    words = "This is not an e-mail address."


class AmbiguousPhone(InvalidPhone):
    """A number without its country code that may be one of the country or one from abroad."""

    code = "ambiguous_phone"
    words = "This may be a number of two countries; write it with + and its country code, such as +86 139 1234 5678."


class PremiumPhone(InvalidPhone):
    """A number that costs whoever calls or writes to it."""

    code = "premium_phone"
    words = "This number costs whoever calls it; please give another one."


class NotTextable(Refusal):
    """The channel agreed to does not reach a number of this kind; facts name both."""

    code = "not_textable"
    words = "Text messages do not reach this number; give a mobile number, or agree to another way."


class UnwritableEmail(InvalidEmail):
    """An address that the providers of e-mail cannot write to."""

    code = "unwritable_email"
    words = "We cannot write to this address: before the @ there may be 64 plain letters, digits and signs at most."


class NoContact(Refusal):
    """Neither a telephone number nor an e-mail address was given."""

    code = "no_contact"
    words = "Please give a telephone number or an e-mail address."


class ConsentRequired(Refusal):
    """No channel was agreed to for messages about the booking."""

    code = "consent_required"
    words = "Please agree to messages about this appointment over one channel at least."


class ContactTaken(Refusal):
    """Another client has proved that this number or address is theirs."""

    code = "contact_taken"
    words = "Another client has shown that this number or address is theirs."


class PromotionNotAgreed(Refusal):
    """The client has agreed to invitations over no channel."""

    code = "promotion_not_agreed"
    words = "This client has not agreed to invitations."


class MalformedJson(Refusal):
    """The body is not JSON, or not a JSON object."""

    code = "malformed_json"
    words = "The body is not a JSON object."


class InvalidRequest(Refusal):
    """A well-formed body or query with wrong fields; facts list each with its reason."""

    code = "invalid_request"
    words = "Some fields are missing or wrong."


class BodyTooLarge(Refusal):
    """More than any route of ours needs."""

    code = "body_too_large"
    words = "The request is too large."


class InThePast(Refusal):
    """The time asked for is over."""

    code = "in_the_past"
    words = "This time is in the past."


class TooSoon(Refusal):
    """Inside the service's minimum notice."""

    code = "too_soon"
    words = "This time is too soon; the service needs more notice."


class TooFar(Refusal):
    """Beyond the service's horizon."""

    code = "too_far"
    words = "This time is further ahead than bookings are taken."


class NotOffered(Refusal):
    """Outside working hours, in time off, or off the step; facts say which."""

    code = "not_offered"
    words = "This time is not offered."


class SlotTaken(Refusal):
    """Somebody else has it; facts hold the three nearest free slots."""

    code = "slot_taken"
    words = "This time has just been taken."


class BookBusy(Refusal):
    """Too many changes to one page of the book at once; nothing was changed, ask again."""

    code = "book_busy"
    words = "Many people are booking this day right now; please try again."


class TooManyRequests(Refusal):
    """More than a stranger may do here; facts say of what (`of`) and in how many seconds there is room again."""

    code = "too_many_requests"
    words = "That is more than is taken here at one time; please call, or try again later."


class TooManyLinks(Refusal):
    """Links that nobody was sent were tried from here; facts say in how many seconds (`retry_after`) one is looked up
    again."""

    code = "too_many_links"
    words = "Several links that do not work were opened from here; please try again in a minute."


class SmsNotServed(Refusal):
    """Not a number that this business sends text messages to: of a country it does not serve, or of no mobile."""

    code = "sms_not_served"
    words = "Text messages are not sent to this number; please choose another way to be told."


class LinkRequired(Refusal):
    """No link came with the request."""

    code = "link_required"
    words = "This needs the link from the message about the appointment."


class HoldMissing(Refusal):
    """No such hold: never made, or given back."""

    code = "hold_missing"
    words = "This slot is not held for you."


class HoldExpired(Refusal):
    """The hold ran out before it was used."""

    code = "hold_expired"
    words = "The time to complete this booking has run out."


class HoldMismatch(Refusal):
    """The hold is for another time, service or person."""

    code = "hold_mismatch"
    words = "The slot held is not the one asked for."


class MoveNotAllowed(Refusal):
    """The state table forbids it; facts hold the state it is in."""

    code = "move_not_allowed"
    words = "This cannot be done with the appointment as it is."


class AlreadyStarted(Refusal):
    """A client may not change what has begun."""

    code = "already_started"
    words = "The appointment has already begun; please call."


class RescheduleLimit(Refusal):
    """Moved as often as the policy allows."""

    code = "reschedule_limit"
    words = "This appointment has been moved as often as possible; please call."


class Outdated(Refusal):
    """Somebody changed it since it was read; nothing was changed."""

    code = "outdated"
    words = "This was changed by somebody else in the meantime; look at it again."


class StaleReply(Refusal):
    """Written more than a day before it came, or before something became of what it speaks of."""

    code = "stale_reply"
    words = "This was written too long ago to be done without asking."


class KeyReused(Refusal):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"
    words = "This Idempotency-Key was used for a different request."


class InProgress(Refusal):
    """Its first answer is not known yet."""

    code = "in_progress"
    words = "This request is still being worked on; please repeat it in a moment."


class LinkInvalid(Refusal):
    """Tampered with, made for another purpose, or signed by a key that is gone."""

    code = "link_invalid"
    words = "This link is not valid."


class LinkExpired(Refusal):
    """Its time is over."""

    code = "link_expired"
    words = "This link is no longer valid."


class NotSigned(Refusal):
    """A provider's call whose signature is missing, wrong or old."""

    code = "not_signed"
    words = "This call is not signed by whom it claims to be from."


class SignInRequired(Refusal):
    """The token names no business."""

    code = "sign_in_required"
    words = "Please sign in."


class RoleRequired(Refusal):
    """Signed in, but not in a group that may do this."""

    code = "role_required"
    words = "Your role does not allow this."


class FollowUpClosed(Refusal):
    """A follow-up that is resolved takes no more answers."""

    code = "follow_up_closed"
    words = "This follow-up is closed."


class FollowUpOpen(Refusal):
    """Only a follow-up that is closed can be reopened, and only of one that is closed is it asked how it went."""

    code = "follow_up_open"
    words = "This follow-up is still open."


class FollowUpFull(Refusal):
    """So much has happened to it that it takes little more than its answer and its end."""

    code = "follow_up_full"
    words = "This follow-up has become too long: please close it and open another."


class OutOfOrder(Refusal):
    """It would have happened before what is already written; facts hold the instant it may not be before."""

    code = "out_of_order"
    words = "Something later than this has already been written down."


class InTheFuture(Refusal):
    """It is said to have happened, at a time still to come."""

    code = "in_the_future"
    words = "This time is still to come."


class InvalidPause(Refusal):
    """A pause that ends before it begins, or lasts longer than the policy allows; facts hold the longest."""

    code = "invalid_pause"
    words = "A pause must end, and in time."


class ReasonRequired(Refusal):
    """What is done needs a reason that others can read."""

    code = "reason_required"
    words = "Please say why."


class NothingToDismiss(Refusal):
    """No message of the client awaits an answer, or only the one that awaits the first."""

    code = "nothing_to_dismiss"
    words = "No message awaits an answer here; a matter that needs none is closed instead."


class StepNotDue(Refusal):
    """Not the step that the plan has come to; facts name that one, or none."""

    code = "step_not_due"
    words = "The plan has not come to this step, or has no such step."


class CannotMerge(Refusal):
    """Two follow-ups of different clients, or one with itself."""

    code = "cannot_merge"
    words = "These two cannot be made one."
