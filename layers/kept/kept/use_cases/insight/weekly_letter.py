"""The letter of the week: owed once the week's last day is added up, and composed of what is so when it is sent."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from kept.business.catalog import Catalog
from kept.business.text_names import WEEK_FIGURES
from kept.due_work.queues import hand_over
from kept.insight.figures import BusinessFigures, change
from kept.insight.sums import Sums
from kept.messaging.outgoing import letter_of_day
from kept.messaging.week_figures import FigureLine, Measure, WeekFigures
from kept.settings import setting
from kept.storage import messages
from kept.storage.transaction import Lost
from kept.use_cases.insight.reading import whole

WEEK, SUNDAY = timedelta(weeks=1), 6
MORNING = time(7, 30)
"""On Monday, by the business's clock."""
SHARES = (("came", Measure.SHARE), ("cancelled_late", Measure.SHARE), ("fill", Measure.HOURS))
NEWS = timedelta(days=2)
"""After a night that was late; older than that a week is on the page alone."""


def owe(catalog: Catalog, last: date, *, now: datetime) -> None:
    """For the week that ends with this day; of one that is no Sunday, and to who wants none, nothing. Once."""
    business = catalog.business
    monday = datetime.combine(last + timedelta(days=1), MORNING, business.zone)
    if not business.figures.letter or last.weekday() != SUNDAY or now > monday + NEWS:
        return
    told = letter_of_day(business.id, business.id, WEEK_FIGURES, "figures", last, now=now)
    told = replace(told, due_at=max(monday.astimezone(now.tzinfo), now))
    try:
        written = messages.put_alone(told)
    except Lost:
        return
    if not written.waits(now=now):
        hand_over([messages.key(written)])


def letter(catalog: Catalog, last: date) -> WeekFigures:
    """Of the seven days up to that one."""
    business, first = catalog.business, last - WEEK + timedelta(days=1)
    now, before = whole(catalog, first, last), whole(catalog, first - WEEK, last - WEEK)
    asked = urlencode({"from": first.isoformat(), "to": last.isoformat(), "by": "day"})
    return WeekFigures(
        business.locale,
        business.name,
        business.name,
        business.currency,
        first,
        last,
        (
            _number("booked", Measure.COUNT, now.booked, before.booked),
            *(_share(name, measure, now, before, business.currency) for name, measure in SHARES),
            _number("revenue", Measure.MONEY, now.revenue, before.revenue),
        ),
        f"{setting('PUBLIC_URL')}/desk/figures?{asked}",
    )


def _number(name: str, measure: Measure, now: int, before: int) -> FigureLine:
    return FigureLine(name, measure, now, 0, before=before)


def _share(name: str, measure: Measure, now: Sums, before: Sums, currency: str) -> FigureLine:
    share, was = (BusinessFigures(sums, currency).shares[name] for sums in (now, before))
    by = change(was, share)
    few = min(share.whole, was.whole) // (60 if measure is Measure.HOURS else 1)
    return FigureLine(name, measure, share.part, share.whole, points=None if by is None else by * 100, few=few)
