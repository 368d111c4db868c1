"""Send what is due, each message once: see desk/sending.py for what is decided and what a crash costs."""

from kept import clock
from kept.desk.sending import deliver
from kept.records import worker
from kept.storage import messages


@worker
def handler(business: str, id: str) -> None:
    if message := messages.find(business, id):
        deliver(message, now=clock.now())
