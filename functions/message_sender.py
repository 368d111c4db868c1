"""Send what is due, each message once: use_cases/messaging/sending.py says what is decided and what a crash costs."""

from datetime import timedelta
from functools import partial

from kept import clock
from kept.due_work.queue_worker import worker
from kept.storage import messages
from kept.use_cases.messaging.sending import deliver

TAKES = timedelta(seconds=18)
"""Two for a turn that is near, thirteen until a provider is given up, and three for what is written down before and
after: so a message that is begun is recorded, however slow its provider."""


@partial(worker, takes=TAKES)
def handler(business: str, id: str) -> None:
    if message := messages.find(business, id):
        deliver(message, now=clock.now())
