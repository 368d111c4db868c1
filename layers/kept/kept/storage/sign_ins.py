"""Who signs in: Cognito's user pool, the only store of people and their passwords. No password passes through here.

The business is an attribute of each (`custom:business`), and their role the group they are in. Cognito finds nobody by
an attribute of ours, so the groups are read whole: a request for each 60 people of the deployment and at least three.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kept import ids
from kept.business.refusals import EmailInUse, UnknownSignIn
from kept.business.sign_in import Role, SignIn
from kept.runtime import aws
from kept.settings import setting

NOT_YET = "FORCE_CHANGE_PASSWORD"
BUSINESS, STAFF = "custom:business", "custom:staff"


def id_of(email: str) -> str:
    return ids.digest(email.lower())


def load(business: str) -> Mapping[str, SignIn]:
    """All of one business by id. Who is between two roles, where a change of it was cut short, has the higher."""
    found = (_sign_in(user, role) for role in Role for user in _in_group(role) if _told(user).get(BUSINESS) == business)
    return {it.id: it for it in found}


def find(known: Mapping[str, SignIn], id: str) -> SignIn:
    """Raises UnknownSignIn."""
    if id not in known:
        raise UnknownSignIn
    return known[id]


def afresh(email: str, role: Role) -> SignIn:
    """One as they are now in that role: what was just changed may not be in the lists yet."""
    return _sign_in(_now(email), role)


def invite(business: str, email: str, role: Role, staff: str) -> None:
    """Cognito writes to them with a first password that is good for a week. A crash before the role leaves somebody
    who may do nothing and is listed nowhere; invited again they are finished. Raises EmailInUse."""
    said = {"email": email, "email_verified": "true", BUSINESS: business, STAFF: staff}
    cognito = _cognito()
    try:
        cognito.admin_create_user(**_user(email), UserAttributes=_attributes(said), DesiredDeliveryMediums=["EMAIL"])
    except cognito.exceptions.UsernameExistsException as error:
        if not is_unfinished(business, email):
            raise EmailInUse from error
        cognito.admin_update_user_attributes(**_user(email), UserAttributes=_attributes({STAFF: staff}))
        write_again(email)
    cognito.admin_add_user_to_group(**_user(email), GroupName=role.value)


def must_be_free(business: str, email: str) -> None:
    """Nobody's, or of one who was invited and has no role yet. Raises EmailInUse."""
    if is_in_use(email) and not is_unfinished(business, email):
        raise EmailInUse


def is_in_use(email: str) -> bool:
    cognito = _cognito()
    try:
        cognito.admin_get_user(**_user(email))
    except cognito.exceptions.UserNotFoundException:
        return False
    return True


def is_unfinished(business: str, email: str) -> bool:
    """Invited to this business, and in no role of it yet."""
    theirs = _told(_now(email)).get(BUSINESS) == business
    return theirs and not _cognito().admin_list_groups_for_user(**_user(email))["Groups"]


def write_again(email: str) -> None:
    """With another first password, in the place of the one before."""
    _cognito().admin_create_user(**_user(email), MessageAction="RESEND", DesiredDeliveryMediums=["EMAIL"])


def set_staff(sign_in: SignIn, staff: str) -> None:
    _cognito().admin_update_user_attributes(**_user(sign_in.email), UserAttributes=_attributes({STAFF: staff}))


def set_role(sign_in: SignIn, role: Role) -> None:
    """The new one first: a crash in between leaves them with both, and asked again it is finished."""
    cognito = _cognito()
    cognito.admin_add_user_to_group(**_user(sign_in.email), GroupName=role.value)
    for other in Role:
        if other != role:
            cognito.admin_remove_user_from_group(**_user(sign_in.email), GroupName=other.value)


def stop(sign_in: SignIn) -> None:
    """They sign in no more, and what is open anywhere is renewed no more."""
    _cognito().admin_disable_user(**_user(sign_in.email))
    sign_out(sign_in)


def start(sign_in: SignIn) -> None:
    _cognito().admin_enable_user(**_user(sign_in.email))


def sign_out(sign_in: SignIn) -> None:
    """Everywhere, as soon as the token they have is over."""
    _cognito().admin_user_global_sign_out(**_user(sign_in.email))


def _in_group(role: Role) -> Iterator[Mapping[str, Any]]:
    more: dict[str, str] = {}
    while True:
        page = _cognito().list_users_in_group(UserPoolId=setting("STAFF_POOL"), GroupName=role.value, Limit=60, **more)
        yield from page["Users"]
        if not page.get("NextToken"):
            return
        more = {"NextToken": page["NextToken"]}


def _sign_in(user: Mapping[str, Any], role: Role) -> SignIn:
    told = _told(user)
    return SignIn(
        id_of(told["email"]),
        told["email"],
        role,
        told.get(STAFF, ""),
        is_active=user["Enabled"],
        is_invited=user["UserStatus"] == NOT_YET,
        at=user["UserLastModifiedDate"],
    )


def _now(email: str) -> Mapping[str, Any]:
    """As the lists have them."""
    user = _cognito().admin_get_user(**_user(email))
    return {**user, "Attributes": user["UserAttributes"]}


def _told(user: Mapping[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in user["Attributes"]}


def _attributes(said: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in said.items()]


def _user(email: str) -> dict[str, str]:
    return {"UserPoolId": setting("STAFF_POOL"), "Username": email}


def _cognito() -> Any:
    return aws("cognito-idp")
