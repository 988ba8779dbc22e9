"""Every spelling of an address is read as the socket would read it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waypost.integrations.addresses import canonical_host, is_metadata, is_public, literal_address

PRIVATE_SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "0177.0.0.1",
    "017700000001",
    "0000177.0.0.01",
    "127.0.0.1.",
    "0",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "\uff11\uff12\uff17.0.0.1",  # full-width digits
    "127\u30020\u30020\u30021",  # ideographic full stops
    "\u2460\u2461\u2466.0.0.1",  # circled digits
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "100::1",
    "5f00::1",
]


@pytest.mark.parametrize("written", PRIVATE_SPELLINGS)
def test_private_address_is_not_public_in_any_spelling(written: str) -> None:
    host = canonical_host(written)

    address = literal_address(host or "")

    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("134744072", "8.8.8.8"),
        ("2606:4700:4700::1111", "2606:4700:4700::1111"),
        ("::ffff:8.8.8.8", "::ffff:808:808"),
        ("64:ff9b::8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_address_of_the_internet_is_public(written: str, canonical: str) -> None:
    host = canonical_host(written)

    assert host is not None
    assert ip_address(host) == ip_address(canonical)
    assert is_public(ip_address(host))


@pytest.mark.parametrize(
    "written",
    [
        "",
        ".",
        "a..b",
        "fe80::1%25eth0",
        "fe80::1%eth0",
        "127.0.0.1%00.example.com",
        "256.0.0.1",
        "1.2.3.4.5",
        "0x100000000",
        "08.0.0.1",
        "example.0x",
        "example.1",
        "exa mple.com",
        "a" * 254,
        "-example.com",
        "[::1]",
        "exam\u0000ple.com",
    ],
)
def test_what_is_no_host_has_no_spelling(written: str) -> None:
    assert canonical_host(written) is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("\u24d4xample.com", "example.com"),
        ("a_b.example", "a_b.example"),
    ],
)
def test_a_name_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical_host(written) == canonical


@pytest.mark.parametrize(
    "written", ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200"]
)
def test_clouds_credential_doors_are_known(written: str) -> None:
    assert is_metadata(ip_address(written))


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_numbers_and_dots_are_judged_alike(number: int) -> None:
    dotted = str(ip_address(number))

    for written in (str(number), hex(number), f"0{number:o}"):
        assert canonical_host(written) == dotted


@given(st.text(max_size=40))
def test_any_text_has_a_stable_spelling_or_none(text: str) -> None:
    host = canonical_host(text)

    assert host is None or (canonical_host(host) == host and host.isascii())
