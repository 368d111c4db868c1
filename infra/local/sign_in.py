"""The demo's sign-ins at the front desk: made once in the user pool of the stack, used by the console and by tests."""

from typing import Any

from infra.local import seed
from infra.local.place import Place
from infra.local.stack import client, unless


def make_all(place: Place) -> None:
    for person in seed.STAFF:
        make(place, person)


def token(place: Place, email: str) -> str:
    """Of one of the demo's people. Raises ValueError."""
    if email not in (person.email for person in seed.STAFF):
        raise ValueError("Nobody signs in with that e-mail address.")
    return token_of(place, email)


def token_of(place: Place, email: str) -> str:
    """What goes into the Authorization header of a front desk request; good for a quarter of an hour."""
    cognito = client(place, "cognito-idp")
    pool = _pool(cognito)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"][0]["ClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": seed.PASSWORD},
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def make(place: Place, person: seed.StaffLogin) -> None:
    """With the demo's password. Doing it again changes nothing."""
    cognito = client(place, "cognito-idp")
    user = {"UserPoolId": _pool(cognito), "Username": person.email}
    belongs_to = {"custom:business": person.business, "custom:staff": person.staff}
    attributes = {"email": person.email, "email_verified": "true"} | belongs_to
    said = [{"Name": name, "Value": value} for name, value in attributes.items()]
    with unless("UsernameExistsException"):
        cognito.admin_create_user(**user, UserAttributes=said, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**user, Password=seed.PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**user, GroupName=person.group)


def _pool(cognito: Any) -> str:
    return str(cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"])
