"""The stack's own SES: it knows who is verified, and what each configuration set tells whom."""

import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from botocore.exceptions import ClientError

from infra.local.place import PATIENCE, Place
from infra.local.providers.answers import Refused, Request
from infra.local.stack import client

_KNOWN_FOR = 60.0
"""Seconds; a deployment begins anew anyway."""


class StackSes:
    """Of one instance."""

    def __init__(self, place: Place) -> None:
        self._place, self._ses = place, client(place, "sesv2")
        self._known: dict[str, tuple[float, Mapping[str, frozenset[str]]]] = {}

    def send(self, request: Request) -> None:
        names = ("Authorization", "Content-Type", "X-Amz-Date")
        passed_on = {name: request.headers[name] for name in names if name in request.headers}
        address = self._place.stack_url + request.path
        try:
            urllib.request.urlopen(urllib.request.Request(address, request.body, passed_on), timeout=PATIENCE).close()
        except urllib.error.HTTPError as refused:
            with refused:
                kind = refused.headers.get("x-amzn-errortype", "")
                headers = [("Content-Type", "application/json"), ("x-amzn-errortype", kind)]
                raise Refused(kind, (refused.code, headers, refused.read())) from refused

    def listeners(self, configuration_set: str) -> Mapping[str, frozenset[str]] | None:
        if not configuration_set:
            return None
        until, known = self._known.get(configuration_set, (0.0, {}))
        if time.monotonic() < until:
            return known
        try:
            asked = self._ses.get_configuration_set_event_destinations(ConfigurationSetName=configuration_set)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
            return None
        found = {
            told["SnsDestination"]["TopicArn"]: frozenset(told["MatchingEventTypes"])
            for told in asked["EventDestinations"]
            if told["Enabled"] and "SnsDestination" in told
        }
        self._known[configuration_set] = (time.monotonic() + _KNOWN_FOR, found)
        return found
