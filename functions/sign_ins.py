"""Who signs in at the desk: shown to whoever leads, and invited, changed and stopped by owners.

No password passes through here: Cognito writes to whoever is invited, and asks them for one of their own.
"""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking.requests import Id
from kept.api.guards import staff_only
from kept.api.people import answers
from kept.api.people.requests import ChangeSignIn, InviteSignIn
from kept.business.sign_in import SignIn
from kept.errors import RoleRequired
from kept.runtime import log
from kept.storage.sign_ins import id_of
from kept.use_cases.people import sign_ins

app = http_app(staff_only("manager", writing="owner"), remembered=".*")
handler = entrance(app)
SignInId = Annotated[Id, Path()]


@app.get("/v1/desk/sign-ins")
def show() -> answers.SignInsAnswer:
    """Owners first."""
    return answers.every(sign_ins.all_of(identity.leading(app.current_event)), _me(), may_change=_is_owner())


@app.post("/v1/desk/sign-ins", status_code=201)
def invite(told: InviteSignIn) -> answers.SignInAnswer:
    """An address that signs in anywhere is refused."""
    business = _business()
    made = sign_ins.invite(business, told.address(), told.role, told.staff, me=_me(), change=_change())
    return _done("invited", made)


@app.patch("/v1/desk/sign-ins/<sign_in>")
def change(sign_in: SignInId, told: ChangeSignIn) -> answers.SignInAnswer:
    """They are signed out everywhere, and are what they are now when they sign in again."""
    changed = sign_ins.change(_business(), sign_in, role=told.role, staff=told.staff, me=_me(), change=_change())
    return _done("changed", changed)


@app.post("/v1/desk/sign-ins/<sign_in>/deactivate")
def deactivate(sign_in: SignInId) -> answers.SignInAnswer:
    """They are signed out everywhere, and sign in no more."""
    return _done("deactivated", sign_ins.stop(_business(), sign_in, me=_me(), change=_change()))


@app.post("/v1/desk/sign-ins/<sign_in>/reactivate")
def reactivate(sign_in: SignInId) -> answers.SignInAnswer:
    """With the password and the role that they had."""
    return _done("reactivated", sign_ins.start(_business(), sign_in, me=_me(), change=_change()))


@app.post("/v1/desk/sign-ins/<sign_in>/invite-again")
def invite_again(sign_in: SignInId) -> answers.SignInAnswer:
    """With another first password; the one before is good no more."""
    return _done("invited again", sign_ins.invite_again(_business(), sign_in, me=_me(), change=_change()))


def _done(what: str, it: SignIn) -> answers.SignInAnswer:
    """Who did what to whom stands in the log, by ids."""
    business, person = identity.staff(app.current_event, at_least="owner")
    log.info("sign-in", extra={"what": what, "business": business, "id": it.id, "role": it.role, "by": person.id})
    return answers.one(it, _me())


def _business() -> str:
    business, _ = identity.staff(app.current_event, at_least="owner")
    return business


def _change() -> Change:
    _, person = identity.staff(app.current_event, at_least="owner")
    return Change(person, clock.now())


def _me() -> str:
    return id_of(identity.address(app.current_event))


def _is_owner() -> bool:
    try:
        identity.staff(app.current_event, at_least="owner")
    except RoleRequired:
        return False
    return True
