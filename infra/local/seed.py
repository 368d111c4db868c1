"""The two demo businesses: who they are, and their staff, services and clients as the product stores them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Business:
    """A demo business, as the start page shows it."""

    id: str
    name: str
    zone: str
    page: str
    """Path of its booking page."""


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """A person who signs in at the front desk; `staff` is their id in the catalog, the group says what they may do."""

    business: str
    staff: str
    email: str
    group: str


PASSWORD = "Kept-demo-2026"  # noqa: S105 - of the demo's sign-ins, on loopback only

BUSINESSES = (
    Business(id="qinghe-salon", name="清禾美发", zone="Asia/Shanghai", page="/b/qinghe-salon"),
    Business(id="hudson-garage", name="Hudson Garage", zone="America/New_York", page="/b/hudson-garage"),
)

STAFF = (
    StaffLogin(business="qinghe-salon", staff="lin", email="lin@qinghe.example", group="owner"),
    StaffLogin(business="qinghe-salon", staff="mei", email="mei@qinghe.example", group="staff"),
    StaffLogin(business="hudson-garage", staff="dana", email="dana@hudson.example", group="owner"),
    StaffLogin(business="hudson-garage", staff="rob", email="rob@hudson.example", group="staff"),
)


def plant() -> None:
    """Write both businesses; doing it again changes nothing."""


if __name__ == "__main__":
    plant()
