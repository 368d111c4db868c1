"""WeChat's access tokens as `stable_token` gives them out: the same one while it lasts, another one on request."""

import secrets
import threading
from datetime import datetime, timedelta
from typing import Any

LASTS = timedelta(seconds=7200)
_OVERLAP = timedelta(minutes=5)
"""So long before its end a token is replaced, and both are good."""


class Tokens:
    """All that were given out, on the product's clock."""

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._given: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def token(self, business: str, now: datetime, *, anew: bool) -> dict[str, Any]:
        """The answer of `stable_token`; `anew` puts an end to the one before."""
        with self._lock:
            current = self._current.get(business, "")
            ends = self._given[current][1] if current else now
            if anew or ends - now <= _OVERLAP:
                if anew:
                    self._given.pop(current, None)
                current, ends = secrets.token_urlsafe(60), now + LASTS
                self._current[business], self._given[current] = current, (business, ends)
            return {"access_token": current, "expires_in": int((ends - now).total_seconds())}

    def holder(self, token: str, now: datetime) -> tuple[str, bool]:
        """Whose it is ("" for nobody's), and whether it has expired."""
        business, ends = self._given.get(token, ("", now))
        return business, now >= ends
