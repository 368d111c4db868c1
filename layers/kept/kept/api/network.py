"""Where a request comes from, as far as it is one neighbourhood: what limits for strangers are counted by."""

from ipaddress import IPv6Address, ip_address, ip_network

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

ONE_HOUSEHOLD = 64
"""Bits of an IPv6 address; whoever has one address has the rest of these as well."""


def network(event: APIGatewayProxyEventV2) -> str:
    """As API Gateway itself saw it, for a header anybody can write; nothing where it is not said."""
    http = event.raw_event.get("requestContext", {}).get("http", {})
    return neighbourhood(str(http.get("sourceIp", "")))


def neighbourhood(source: str) -> str:
    """An IPv4 address as it is, however it is wrapped; of an IPv6 address its /64. Nothing for what is no address."""
    try:
        address = ip_address(source.strip().partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    wrapped = address.ipv4_mapped or address.sixtofour
    return str(wrapped or ip_network((address.packed, ONE_HOUSEHOLD), strict=False))
