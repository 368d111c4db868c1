"""Whom an owner lets in, and as what."""

from typing import Annotated

from pydantic import Field, StringConstraints

from kept.api.base import Body
from kept.api.booking.requests import Id
from kept.business.sign_in import Role
from kept.clients.contact import normal_email

Nobody = Annotated[str, StringConstraints(max_length=0)]
Staff = Id | Nobody


class InviteSignIn(Body):
    """They get a letter with a first password; `staff` is who of the staff they are, "" for none of them."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
    role: Role
    staff: Staff = ""

    def address(self) -> str:
        """Raises InvalidEmail."""
        return normal_email(self.email)


class ChangeSignIn(Body):
    """What is left out stays as it is."""

    role: Role | None = None
    staff: Staff | None = Field(default=None)
