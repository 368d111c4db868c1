"""Running one instance: the stack, what is deployed on it, the console and the one address, until told to stop."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infra.local import deploy, first_steps, instance, seed, stack
from infra.local.console import Console
from infra.local.front import Front
from infra.local.inbox import Inbox
from infra.local.place import NotNow, Place
from infra.local.product_clock import ProductClock
from infra.local.schedules import Schedules

_A_MINUTE = 60.0
DEMO = os.environ.get("KEPT_DEMO", "on")
"""`off` for tests that begin from nothing; `today` for those that need no weeks before."""


def run(place: Place, say: Callable[[str], None]) -> None:
    """Returns when stopped. Raises NotNow when it cannot start, or when the stack ends by itself."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with instance.held(place) as lock:
        instance.refuse_taken_ports(place)
        place.run_file.unlink(missing_ok=True)
        say("starting the stack")
        process = stack.start(place, lock)
        try:
            deploy.deploy(place, say)
            with served(_front(place)):
                if DEMO != "off":
                    first_steps.take(place, say, past=DEMO == "on")
                instance.say_ready(place, process.pid)
                say(f"ready in {time.monotonic() - began:.1f} s\n{_where_to_look(place)}")
                process.wait()
            where = place.logs / "stack.log"
            raise NotNow(f"The stack has ended; the details are in {where}. make run starts it again.")
        except KeyboardInterrupt:
            say("stopping")
        except deploy.NeverDeployed:
            stack.stop(process)
            instance.forget_state(place)
            raise
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            place.run_file.unlink(missing_ok=True)
            stack.stop(process)


def _front(place: Place) -> Front:
    clock = ProductClock(place.clock_file)
    schedules = Schedules(place, clock)
    threading.Thread(target=_fire_every_minute, args=(schedules, clock), daemon=True).start()
    return Front(place, deploy.api_id(place), Console(place, clock, Inbox(place.messages_file), schedules))


@contextmanager
def served(front: Front) -> Iterator[None]:
    """From before the demo is planted: what that says goes out at once, and its providers stand at this address.

    The port is let go of here and not with the process: whoever waits for the instance's lock begins on it at once.
    """
    with front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            front.shutdown()


def _fire_every_minute(schedules: Schedules, clock: ProductClock) -> None:
    """The stack's own rules fire at real time; while the clock is ahead, this fires them for the product's time too."""
    while True:
        time.sleep(_A_MINUTE - time.time() % _A_MINUTE)
        if clock.ahead():
            schedules.fire()


def _where_to_look(place: Place) -> str:
    pages = [(f"{place.url}{business.page}", business.name) for business in seed.BUSINESSES]
    one_more = (f"{place.url}/start", "one more business, by a code that make code puts out")
    lines = [(place.url, "start"), *pages, one_more, (f"{place.url}/console", "console: messages, clock, what is due")]
    return "\n".join(f"  {address}  {words}" for address, words in lines)
