"""Which addresses may be called with events: https on the Internet, and nothing within anybody's network.

The rule is about what an address stands for, in whatever way it is written: so it is looked at twice, as it is typed
and as its name resolves, and what is not understood is refused.
"""

import pytest

from kept.errors import InvalidSetting
from kept.outside_address import check_url, is_public

TAKEN = [
    "https://hooks.example.com",
    "https://hooks.example.com/kept",
    "https://hooks.example.com:443/kept?shop=1",
    "https://hooks.example.com:8443/kept",
    "https://a.b-c.d.example.co.uk/%E5%85%B0",
    "https://xn--fiqs8s.xn--fiqs8s/events",
    "HTTPS://Hooks.Example.COM/kept",
]
REFUSED = {
    "plain http": "http://hooks.example.com/kept",
    "another scheme": "ftp://hooks.example.com/kept",
    "a file": "file:///etc/passwd",
    "no scheme": "hooks.example.com/kept",
    "an empty one": "",
    "nothing but https": "https://",
    "no host": "https:///kept",
    "a user": "https://kept@hooks.example.com/",
    "a user and a password": "https://kept:secret@hooks.example.com/",
    "a user who looks like the host": "https://hooks.example.com@10.0.0.1/",
    "an empty user": "https://@hooks.example.com/",
    "port 80": "https://hooks.example.com:80/",
    "port 22": "https://hooks.example.com:22/",
    "port 0": "https://hooks.example.com:0/",
    "a port too far": "https://hooks.example.com:65536/",
    "a port that is none": "https://hooks.example.com:https/",
    "port 6379": "https://hooks.example.com:6379/",
    "this machine": "https://localhost/",
    "this machine's number": "https://127.0.0.1/",
    "this machine in short": "https://127.1/",
    "this machine as one number": "https://2130706433/",
    "this machine in hexadecimal": "https://0x7f000001/",
    "this machine in octal": "https://0177.0.0.1/",
    "this machine in parts of hexadecimal": "https://0x7f.0x0.0x0.0x1/",
    "this machine in IPv6": "https://[::1]/",
    "any address": "https://0.0.0.0/",
    "one's own network": "https://10.0.0.1/",
    "a public number": "https://93.184.215.14/",
    "metadata": "https://169.254.169.254/latest/meta-data/",
    "metadata in IPv6": "https://[fd00:ec2::254]/latest/meta-data/",
    "metadata by its name": "https://metadata.google.internal/",
    "metadata by a short name": "https://metadata/",
    "a name of one network": "https://printer.local/",
    "a name of one's home": "https://server.lan/",
    "a name without a dot": "https://intranet/",
    "a name beneath this machine": "https://kept.localhost/",
    "a dot at its end": "https://localhost./",
    "a name that ends in a dot": "https://hooks.example.com./",
    "two dots": "https://hooks..example.com/",
    "a space": "https://hooks.example.com/ke pt",
    "a line": "https://hooks.example.com/\r\nX-Other: 1",
    "a tab in the host": "https://hooks\t.example.com/",
    "a backslash": "https://hooks.example.com\\@10.0.0.1/",
    "other digits": "https://\uff11\uff12\uff17.0.0.1/",
    "a ring for a dot": "https://127\u30020\u30020\u30021/",
    "letters that look alike": "https://h\u043eoks.example.com/",
    "a fragment": "https://hooks.example.com/kept#part",
    "an open bracket": "https://[::1/",
    "an underscore": "https://ho_oks.example.com/",
    "a per cent in the host": "https://127.0.0.1%2f.example.com/",
    "a very long one": "https://hooks.example.com/" + "x" * 500,
    "a label too long": f"https://{'x' * 64}.example.com/",
}
PUBLIC = [
    "93.184.215.14",
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "2606:2800:21f::1",
    "2a00:1450:4001::200e",
]
INSIDE = {
    "this machine": "127.0.0.1",
    "all of its numbers": "127.255.255.254",
    "any": "0.0.0.0",
    "this network": "0.1.2.3",
    "private, ten": "10.1.2.3",
    "private, 172": "172.16.0.1",
    "private, the last of 172": "172.31.255.255",
    "private, 192": "192.168.1.1",
    "carriers' own": "100.64.0.1",
    "carriers' own, the last": "100.127.255.255",
    "a cloud's metadata in it": "100.100.100.200",
    "link-local": "169.254.1.1",
    "metadata": "169.254.169.254",
    "a container's credentials": "169.254.170.2",
    "another cloud's own": "168.63.129.16",
    "protocols": "192.0.0.8",
    "documentation": "192.0.2.1",
    "documentation too": "203.0.113.7",
    "benchmarks": "198.18.0.1",
    "relays of old": "192.88.99.1",
    "many at once": "224.0.0.1",
    "reserved": "240.0.0.1",
    "everybody": "255.255.255.255",
    "this machine in six": "::1",
    "any in six": "::",
    "link-local in six": "fe80::1",
    "link-local with its link": "fe80::1%eth0",
    "unique local": "fd00::1",
    "metadata in six": "fd00:ec2::254",
    "site-local": "fec0::1",
    "many in six": "ff02::1",
    "documentation in six": "2001:db8::1",
    "four in six: this machine": "::ffff:127.0.0.1",
    "four in six: private": "::ffff:10.0.0.1",
    "four in six: metadata": "::ffff:a9fe:a9fe",
    "four in six: even a public one": "::ffff:8.8.8.8",
    "four in six, of old": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 of one's own": "64:ff9b:1::a00:1",
    "6to4": "2002:7f00:1::",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "a discard": "100::1",
    "no address": "hooks.example.com",
    "an empty one": "",
}


@pytest.mark.parametrize("url", TAKEN)
def test_a_server_on_the_internet_may_be_called(url: str) -> None:
    assert check_url(url).hostname


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_be_anything_else_is_refused_as_it_is_typed(case: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        check_url(REFUSED[case])
    assert refused.value.facts["field"] == "url"


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("case", INSIDE)
def test_an_address_within_a_network_or_for_another(case: str) -> None:
    assert not is_public(INSIDE[case])
