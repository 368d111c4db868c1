"""What HTTP makes of a refusal: one table of statuses, one shape of answer (RFC 9457)."""

from http import HTTPStatus as S

from kept import errors
from kept.errors import Refusal

STATUS: dict[type[Refusal], S] = {
    errors.UnknownBusiness: S.NOT_FOUND,
    errors.UnknownService: S.NOT_FOUND,
    errors.UnknownStaff: S.NOT_FOUND,
    errors.UnknownRoom: S.NOT_FOUND,
    errors.StaffLeft: S.CONFLICT,
    errors.UnknownAppointment: S.NOT_FOUND,
    errors.UnknownClient: S.NOT_FOUND,
    errors.UnknownFollowUp: S.NOT_FOUND,
    errors.UnknownPolicy: S.NOT_FOUND,
    errors.UnknownItem: S.NOT_FOUND,
    errors.UnknownRoute: S.NOT_FOUND,
    errors.UnknownZone: S.UNPROCESSABLE_ENTITY,
    errors.InvalidSetting: S.UNPROCESSABLE_ENTITY,
    errors.InvalidDuration: S.UNPROCESSABLE_ENTITY,
    errors.NoOpening: S.UNPROCESSABLE_ENTITY,
    errors.InvalidPhone: S.UNPROCESSABLE_ENTITY,
    errors.InvalidEmail: S.UNPROCESSABLE_ENTITY,
    errors.AmbiguousPhone: S.UNPROCESSABLE_ENTITY,
    errors.PremiumPhone: S.UNPROCESSABLE_ENTITY,
    errors.NotTextable: S.UNPROCESSABLE_ENTITY,
    errors.UnwritableEmail: S.UNPROCESSABLE_ENTITY,
    errors.NoContact: S.UNPROCESSABLE_ENTITY,
    errors.ConsentRequired: S.UNPROCESSABLE_ENTITY,
    errors.ContactTaken: S.CONFLICT,
    errors.PromotionNotAgreed: S.CONFLICT,
    errors.MalformedJson: S.BAD_REQUEST,
    errors.InvalidRequest: S.UNPROCESSABLE_ENTITY,
    errors.BodyTooLarge: S.REQUEST_ENTITY_TOO_LARGE,
    errors.InThePast: S.UNPROCESSABLE_ENTITY,
    errors.TooSoon: S.UNPROCESSABLE_ENTITY,
    errors.TooFar: S.UNPROCESSABLE_ENTITY,
    errors.NotOffered: S.UNPROCESSABLE_ENTITY,
    errors.SlotTaken: S.CONFLICT,
    errors.BookBusy: S.CONFLICT,
    errors.TooManyRequests: S.TOO_MANY_REQUESTS,
    errors.SmsNotServed: S.UNPROCESSABLE_ENTITY,
    errors.LinkRequired: S.UNAUTHORIZED,
    errors.HoldMissing: S.CONFLICT,
    errors.HoldExpired: S.GONE,
    errors.HoldMismatch: S.BAD_REQUEST,
    errors.MoveNotAllowed: S.CONFLICT,
    errors.AlreadyStarted: S.CONFLICT,
    errors.RescheduleLimit: S.CONFLICT,
    errors.Outdated: S.CONFLICT,
    errors.StaleReply: S.CONFLICT,
    errors.KeyReused: S.UNPROCESSABLE_ENTITY,
    errors.InProgress: S.CONFLICT,
    errors.LinkInvalid: S.FORBIDDEN,
    errors.LinkExpired: S.GONE,
    errors.NotSigned: S.FORBIDDEN,
    errors.SignInRequired: S.UNAUTHORIZED,
    errors.RoleRequired: S.FORBIDDEN,
    errors.FollowUpClosed: S.CONFLICT,
    errors.FollowUpFull: S.CONFLICT,
    errors.FollowUpOpen: S.CONFLICT,
    errors.OutOfOrder: S.CONFLICT,
    errors.InTheFuture: S.UNPROCESSABLE_ENTITY,
    errors.InvalidPause: S.UNPROCESSABLE_ENTITY,
    errors.ReasonRequired: S.UNPROCESSABLE_ENTITY,
    errors.NothingToDismiss: S.CONFLICT,
    errors.StepNotDue: S.CONFLICT,
    errors.CannotMerge: S.CONFLICT,
}


def problem(refusal: Refusal) -> dict[str, object]:
    """The problem document; the facts stand beside its standard members and never in their place."""
    status = STATUS[type(refusal)]
    return {
        **refusal.facts,
        "type": f"urn:kept:problem:{refusal.code}",
        "title": refusal.words,
        "status": int(status),
        "detail": str(refusal),
        "code": refusal.code,
    }
