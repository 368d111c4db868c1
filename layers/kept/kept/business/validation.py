"""Settings that make sense: what a business may not save, told with the field and the reason.

Hours, quiet hours and the follow-up policy refuse nonsense of their own accord; here and in contact_sense stands the
rest.
"""

from collections.abc import Iterable
from datetime import timedelta

from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import FARTHEST, Business, Catalog, Resource, Service, StaffMember
from kept.business.change_validation import check_changes
from kept.business.checks import must, once
from kept.business.colours import can_be_read, is_colour
from kept.business.contact_validation import check_messages, check_stages
from kept.business.loyalty_rules import check_fading, check_points, check_review
from kept.business.make_good_rules import check_make_good
from kept.business.money_rules import MOST, check_money
from kept.business.question_validation import check_questions
from kept.business.request_rules import RequestRules
from kept.business.standing_rules import StandingRules
from kept.business.stranger_validation import check_strangers
from kept.business.visit_stages import check_visit_stages
from kept.business.waitlist_rules import check_waitlist
from kept.language_tags import LANGUAGES
from kept.timekeeping.local_time import DAY
from kept.timekeeping.weekly_hours import WorkingHours

NONE, HALF_A_DAY, A_DAY, A_MONTH = timedelta(0), timedelta(hours=12), timedelta(days=1), timedelta(days=30)
MOST_COUNTED = 100
MOST_SITES = 20
LAST = 9999
"""The highest place in a list."""
YEARS = range(1971, 9000)
"""In which a day more or less, in any zone, is still a date."""


def check_business(business: Business) -> None:
    """Raises InvalidSetting."""
    _check_country(business.country)
    _check_currency("currency", business.currency)
    _check_locale(business.locale)
    check_messages(business)
    check_strangers(business)
    check_money(business.money)
    _check_attendance(business.attendance)
    must(len(business.embed_origins) <= MOST_SITES, "embed_origins", f"At most {MOST_SITES} sites.")
    must(once(business.embed_origins), "embed_origins", "Each is named once.")
    _check_colour(business.colour)
    check_changes(business.changes)
    _check_standing(business.standing)
    check_points(business.points)
    check_fading(business.fading)
    check_review(business.review)
    check_make_good(business.make_good)
    _check_requests(business.requests)
    check_waitlist(business.waitlist)
    for field in ("policy_texts", "deposit_texts", "closing_texts"):
        texts = getattr(business, field)
        must(set(texts) <= set(LANGUAGES), field, f"There are texts in {', '.join(LANGUAGES)}.")


def check_service(service: Service, catalog: Catalog) -> None:
    """Raises InvalidSetting."""
    _check_length(service)
    must(1 <= service.horizon <= FARTHEST, "horizon", f"It is from 1 to {FARTHEST} days.")
    must(service.notice >= 0, "notice", "It cannot be negative.")
    must(service.notice < service.horizon * DAY, "notice", "Nothing could be booked: it reaches beyond the horizon.")
    must(service.daily_limit is None or service.daily_limit > 0, "daily_limit", "It must be at least 1, or left out.")
    must(bool(service.staff), "staff", "Somebody has to do it.")
    must(
        service.useful is None or service.duration <= service.useful <= DAY,
        "useful",
        "It is as long as the service or longer, and a day at most, or left out.",
    )
    _check_named("staff", service.staff, catalog.staff)
    _check_named("rooms", service.rooms, catalog.rooms)
    must(0 <= service.order <= LAST, "order", f"It is from 0 to {LAST}.")
    must(service.category or not service.category_names, "category_names", "There is no category to call so.")
    if service.price:
        must(0 <= service.price.minor <= MOST, "price.minor", f"It is from 0 to {MOST}.")
        _check_currency("price.currency", service.price.currency)
    check_questions(service, catalog)
    check_visit_stages(service.visit_stages)
    if service.stages is not None:
        check_stages(service.stages, catalog.business.channels)


def check_staff(member: StaffMember) -> None:
    """A stand-in may be saved before they are: who is not there stands in for nobody. Raises InvalidSetting."""
    _check_calendar(member.hours)
    must(member.stand_in != member.id, "stand_in", "Nobody stands in for themselves.")


def check_room(room: Resource) -> None:
    """Raises InvalidSetting."""
    if room.hours is not None:
        _check_calendar(room.hours)


def _check_colour(colour: str) -> None:
    """ "" is the product's own."""
    must(not colour or is_colour(colour), "colour", "It is written as # and six digits or letters from a to f.")
    must(not colour or can_be_read(colour), "colour", "It is too light: white words on it could not be read.")


def _check_length(service: Service) -> None:
    """A booking with its buffers touches two local days at most: so much of the book is read around a slot."""
    must(1 <= service.duration <= DAY, "duration", "It is from one minute to a day.")
    must(0 <= service.before <= DAY, "before", "It is from nothing to a day.")
    must(0 <= service.after <= DAY, "after", "It is from nothing to a day.")
    must(1 <= service.step <= DAY, "step", "It is from one minute to a day.")
    must(0 <= service.offset < DAY, "offset", "It is from midnight to less than a day after it.")


def _check_calendar(hours: WorkingHours) -> None:
    windows = [*hours.weekly.values(), *hours.overrides.values()]
    must(any(windows), "hours", "The calendar is empty: nothing could ever be booked.")
    for day in hours.overrides:
        must(day.year in YEARS, f"hours.overrides.{day}", "It is in the years from 1971 to 8999.")
    for number, off in enumerate(hours.time_off):
        is_near = off.starts.year in YEARS and off.ends.year in YEARS
        must(is_near, f"hours.time_off.{number}", "It is in the years from 1971 to 8999.")


def _check_named(field: str, names: tuple[str, ...], known: Iterable[str]) -> None:
    unknown = [name for name in names if name not in known]
    must(not unknown, field, f"There is nobody and nothing called {', '.join(unknown)}.")
    must(once(names), field, "One is named twice.")


def _check_standing(rules: StandingRules) -> None:
    must(A_DAY <= rules.decay <= 3660 * A_DAY, "standing.decay", "It is from one day to ten years.")
    for name in ("fewest", "deposit_missed", "deposit_late", "restricted_missed"):
        must(1 <= getattr(rules, name) <= MOST_COUNTED, f"standing.{name}", f"It is from 1 to {MOST_COUNTED}.")
    is_graver = rules.restricted_missed >= rules.deposit_missed
    must(is_graver, "standing.restricted_missed", "It cannot be less than what asks for a deposit.")


def _check_requests(rules: RequestRules) -> None:
    is_meant = timedelta(minutes=15) <= rules.hold <= 14 * A_DAY
    must(is_meant, "requests.hold", "It is from a quarter of an hour to two weeks.")
    must(NONE <= rules.before <= 14 * A_DAY, "requests.before", "It is from nothing to two weeks.")


def _check_attendance(rules: AttendanceRules) -> None:
    must(rules.ask_after >= NONE, "attendance.ask_after", "It cannot be negative.")
    must(rules.grace > rules.ask_after, "attendance.grace", "It must leave some time after the client was asked.")
    must(rules.extension > NONE, "attendance.extension", "It must be longer than nothing.")
    must(NONE <= rules.day_end_after <= HALF_A_DAY, "attendance.day_end_after", "It is from nothing to twelve hours.")
    must(A_DAY <= rules.dispute_within <= A_MONTH, "attendance.dispute_within", "It is from a day to thirty days.")
    must(rules.longest >= rules.grace, "attendance.longest", "It cannot be shorter than the grace.")


def _check_country(country: str) -> None:
    """ISO 3166, with a subdivision after a dash if need be: public holidays go by it."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    code, dash, subdivision = country.partition("-")
    is_code = code in known and bool(subdivision) is bool(dash)
    must(is_code, "country", "It is not a country's ISO 3166 code, such as US.")
    must(not subdivision or subdivision in known[code], "country", f"{code} has no public holidays for {subdivision}.")


def _check_currency(field: str, currency: str) -> None:
    from babel.numbers import is_currency

    must(is_currency(currency), field, "It is not an ISO 4217 code, such as USD.")


def _check_locale(locale: str) -> None:
    must(locale in LANGUAGES, "locale", f"There are texts in {', '.join(LANGUAGES)}.")
