"""Which addresses may be called at all: https on the Internet, and nothing that could stand within a network of ours.

What is written is looked at when it is saved, and what its name resolves to then and before each call.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from kept.errors import InvalidSetting

PORTS = frozenset({443, 8443})
LONGEST = 500
HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
WITHIN = tuple(
    ip_network(block)
    for block in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "100::/64",
        "fec0::/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
    )
)
"""Addresses that stand for others (NAT64, 6to4, Teredo, and those of IPv4 in IPv6), that lead nowhere, or that a cloud
answers itself, and that Python calls global in one version or another."""

Address = IPv4Address | IPv6Address


def check_url(url: str) -> SplitResult:
    """Raises InvalidSetting."""
    said = _read(url)
    if said.scheme != "https":
        raise InvalidSetting(field="url", reason="The address begins with https://.")
    if "@" in said.netloc:
        raise InvalidSetting(field="url", reason="The address has no name and password in it.")
    if port_of(said) not in PORTS:
        raise InvalidSetting(field="url", reason="The address is on port 443 or 8443.")
    if not _is_name(said.hostname or ""):
        raise InvalidSetting(field="url", reason="The address has the name of a server on the Internet.")
    return said


def port_of(said: SplitResult) -> int:
    """0 for none that there is."""
    try:
        port = said.port
    except ValueError:
        return 0
    return port if port is not None else {"https": 443, "http": 80}.get(said.scheme, 0)


def is_public(address: str) -> bool:
    """Nobody's own network, this machine, a neighbour's, or what a cloud answers its machines with."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    if mapped is not None:
        return False
    inside = found.is_multicast or found.is_reserved or found.is_loopback or found.is_link_local or found.is_unspecified
    return found.is_global and not found.is_private and not inside and not _is_within(found)


def _is_within(address: Address) -> bool:
    return any(address.version == block.version and address in block for block in WITHIN)


def _read(url: str) -> SplitResult:
    """Without anything that programs read in different ways."""
    if len(url) > LONGEST or any(ord(letter) <= 32 or ord(letter) > 126 or letter in '\\"<>^`{|}' for letter in url):
        raise InvalidSetting(field="url", reason="The address has no spaces and no other letters than ASCII.")
    try:
        said = urlsplit(url)
    except ValueError as error:
        raise InvalidSetting(field="url", reason="The address cannot be read.") from error
    if said.fragment:
        raise InvalidSetting(field="url", reason="The address ends before a #.")
    return said


def _is_name(host: str) -> bool:
    """With a dot, and its last part in letters: so no number in any way of writing it, and no name of one network."""
    parts = host.lower().split(".")
    if len(host) > 253 or len(parts) < 2 or not set(host.lower()) <= HOST:
        return False
    if any(not part or len(part) > 63 or part.startswith("-") or part.endswith("-") for part in parts):
        return False
    return parts[-1][:1].isalpha() and parts[-1] not in {"localhost", "local", "internal", "lan", "home", "arpa"}
