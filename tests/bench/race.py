"""50 callers for one slot at the same instant: how many have it afterwards."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.bench import naive_booking
from tests.bench.cloud import Cloud
from tests.bench.figure import Figure
from tests.builders import BOOKED, STARTS, a_catalog, a_client, a_member

CALLERS = 50
ROUNDS = 3


def rows(cloud: Cloud) -> Iterator[Figure]:
    """Each round another slot; ours and the reference take turns."""
    ours, reference, seconds = [], [], []
    for number in range(ROUNDS):
        began = perf_counter()
        ours.append(sum(_at_once(_ours(number))))
        seconds.append(perf_counter() - began)
        _at_once(_naive(cloud, number))
        reference.append(naive_booking.count(cloud.stack.client("dynamodb"), str(number)))
    what = f"{CALLERS} callers, one slot: winners in {ROUNDS} rounds (check then write; all answered in s)"
    yield Figure(what, f"{_list(ours)} ({max(seconds):.1f} s)", _list(reference), "1, always")


def _ours(number: int) -> Callable[[int], bool]:
    """Each a client of their own; whoever comes too late is refused with the alternatives."""
    from kept.actor import CLIENT, Change
    from kept.booking.refusals import BookBusy, SlotTaken
    from kept.storage import catalogs
    from kept.use_cases.booking.book import BookingRequest, book

    business = f"race-{number}"
    book_of = a_catalog(a_member("mei"))
    salon = replace(book_of.business, id=business)
    service = replace(book_of.services["cut"], staff=("mei",))
    catalogs.put(business, [salon, service, *book_of.staff.values()])

    def call(caller: int) -> bool:
        client = replace(a_client(), business=business, id=f"c-{caller}", email=f"c{caller}@example.com")
        try:
            request = BookingRequest("cut", STARTS + timedelta(days=number), client, ZoneInfo("Asia/Shanghai"))
            book(catalogs.load(business), request, Change(CLIENT, BOOKED))
        except (SlotTaken, BookBusy):
            return False
        return True

    return call


def _naive(cloud: Cloud, number: int) -> Callable[[int], bool]:
    clients = [cloud.stack.client("dynamodb") for _ in range(CALLERS)]
    return lambda caller: naive_booking.book(clients[caller], str(number), f"c-{caller}")


def _at_once(call: Callable[[int], bool]) -> list[bool]:
    together = threading.Barrier(CALLERS)

    def started(caller: int) -> bool:
        together.wait()
        return call(caller)

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(started, range(CALLERS)))


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
