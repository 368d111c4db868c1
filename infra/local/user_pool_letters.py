"""What the user pool writes to people (invitations, codes), taken into the inbox: the stack's own SES keeps it, for it
goes out by no provider of ours."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.inbox import Inbox, Sent
from infra.local.place import Place
from infra.local.stack import ask

_FROM_THE_POOL = "Cognito"
_lock = threading.Lock()


def take_in(place: Place, inbox: Inbox) -> None:
    """Each once; of two who look at once the second waits."""
    with _lock:
        for kept in ask(place, "/_ministack/ses/messages")["messages"].values():
            for said in kept:
                if said["Type"].startswith(_FROM_THE_POOL) and not inbox.find(_id(said)):
                    inbox.keep(_sent(said))


def _sent(said: Mapping[str, Any]) -> Sent:
    at = datetime.fromtimestamp(said["Timestamp"], UTC)
    return Sent(
        id=_id(said),
        channel="email",
        to=said["To"][0],
        sender=said["Source"],
        at=at.isoformat(timespec="seconds"),
        subject=said["Subject"],
        text=said["BodyText"],
        html=said["BodyHtml"] or "",
        details={"configuration_set": "", "business": "", "message": ""},
    )


def _id(said: Mapping[str, Any]) -> str:
    id: str = said["MessageId"].partition("@")[0]
    return id
