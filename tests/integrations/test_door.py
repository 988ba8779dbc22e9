"""What the operator's settings open, and what a URL leads to."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from django.test import override_settings

from waypost.integrations.door import Door, door_from_settings
from waypost.integrations.failures import AddressRefused, RequestRefused
from waypost.integrations.http import check_target
from waypost.integrations.target import follow, origin_of, plain_path, read_target

OWN = "http://127.0.0.1:8000"


def a_configured_door(**changes: object) -> Door:
    """The door of settings that start from a local server without sandbox."""
    start: dict[str, object] = {
        "PUBLIC_URL": OWN,
        "SANDBOX_PUBLIC_URL": OWN,
        "SANDBOX": False,
        "OUTBOUND_ALLOW_PRIVATE": (),
        "OUTBOUND_ORIGIN_MAP": {},
    }
    with override_settings(**(start | changes)):
        return door_from_settings()


def is_open(door: Door, url: str) -> bool:
    try:
        check_target(read_target(url), door)
    except AddressRefused:
        return False
    return True


def test_printed_urls_of_the_old_product_come_to_this_server() -> None:
    door = a_configured_door()

    assert door.real_origin("https://core.nextmatter.com") == OWN
    assert door.is_own("https://core.nextmatter.com")


def test_providers_are_mapped_only_in_the_sandbox() -> None:
    live, sandbox = a_configured_door(), a_configured_door(SANDBOX=True)

    for origin in ("https://verify.twilio.com", "https://api.sendgrid.com"):
        assert live.real_origin(origin) == origin
        assert sandbox.real_origin(origin) == OWN
        assert sandbox.is_sandbox(origin)


def test_operator_maps_this_servers_own_address_inwards() -> None:
    door = a_configured_door(
        PUBLIC_URL="https://flows.example.org",
        OUTBOUND_ORIGIN_MAP={"https://flows.example.org/": "http://10.0.0.4:8000"},
    )

    assert door.real_origin("https://core.nextmatter.com") == "http://10.0.0.4:8000"
    assert door.is_own("https://core.nextmatter.com")
    assert is_open(door, "http://10.0.0.4:8000/api/")


def test_a_map_in_a_circle_comes_to_an_end() -> None:
    door = a_configured_door(
        OUTBOUND_ORIGIN_MAP={
            "https://a.example": "https://b.example",
            "https://b.example": "https://a.example",
        }
    )

    assert door.real_origin("https://a.example").endswith(".example")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001/",
        "https://127.0.0.1:8000/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8000/",
        "http://localhost:8000/",
        "http://LOCALHOST./",
        "http://app.localhost/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_own_address_opens_nothing_beside_it(url: str) -> None:
    door = a_configured_door()

    assert is_open(door, f"{OWN}/api/instances/")
    assert is_open(door, "http://2130706433:8000/api/instances/")
    assert not is_open(door, url)


def test_allowed_networks_names_and_origins_are_open() -> None:
    door = a_configured_door(
        OUTBOUND_ALLOW_PRIVATE=("10.1.0.0/16", "192.168.0.9", "localhost", "http://10.2.0.1:81")
    )

    assert is_open(door, "http://10.1.2.3/")
    assert is_open(door, "http://192.168.0.9:444/")
    assert is_open(door, "http://localhost:9/")
    assert is_open(door, "http://10.2.0.1:81/")
    assert not is_open(door, "http://10.2.0.1:82/")


@pytest.mark.parametrize("allowed", [True, ("*",)])
def test_all_private_leaves_the_clouds_credentials_closed(allowed: object) -> None:
    door = a_configured_door(OUTBOUND_ALLOW_PRIVATE=allowed)

    assert door.is_allowed_address(ip_address("10.0.0.1"))
    assert door.is_allowed_address(ip_address("::1"))
    assert not door.is_allowed_address(ip_address("169.254.169.254"))
    assert not door.is_allowed_address(ip_address("::ffff:169.254.169.254"))


@pytest.mark.parametrize(
    "path",
    [
        "/sandbox/clock",
        "/sandbox",
        "/SANDBOX/clock",
        "//sandbox/clock",
        "/./sandbox/clock",
        "/api/../sandbox/clock",
        "/%73andbox/clock",
        "/%2573andbox/clock",
        "/api/%2e%2e/sandbox/clock",
        "/sandbox;x=1/clock",
        "/api/..\\sandbox/clock",
    ],
)
def test_sandbox_control_pages_are_closed(path: str) -> None:
    door = a_configured_door(SANDBOX=True)

    for origin in (OWN, "https://verify.twilio.com"):
        mapped = read_target(origin + path).at_origin(door.real_origin(origin_of(origin)))
        with pytest.raises(AddressRefused, match="/v2 and /v3"):
            check_target(mapped, door)


def test_sandbox_elsewhere_is_somebody_elses_page() -> None:
    assert is_open(a_configured_door(), "https://example.com/sandbox/clock")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "example.com",
        "//example.com/",
        "http://",
        "http:///path",
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com:99999/",
        "http://example.com:8x/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://example.com/\r\nHost: evil",
        "http://example.com/\x00",
        "http://exa\tmple.com/",
    ],
)
def test_what_is_no_url_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(RequestRefused) as refusal:
        read_target(url)

    assert len(str(refusal.value)) > 20


def test_path_and_query_go_out_as_written() -> None:
    url = read_target("https://Example.com:443/a%2Fb/{x}/ü?To=%2B1&q=a b+c%zz#part").as_url()

    assert str(url) == "https://example.com/a%2Fb/%7Bx%7D/%C3%BC?To=%2B1&q=a%20b+c%zz"


def test_dots_in_a_path_are_not_taken_out() -> None:
    assert str(read_target("https://example.com/a/../b").as_url()) == "https://example.com/a/../b"


def test_origin_leaves_out_the_usual_port() -> None:
    assert origin_of("HTTPS://Example.com:443/x") == "https://example.com"
    assert origin_of("http://[0::1]:81") == "http://[::1]:81"


def test_location_is_read_relative_to_its_page() -> None:
    page = read_target("https://example.com/a/b?c=1")

    assert str(follow(page, "../d?e=2").as_url()) == "https://example.com/d?e=2"
    assert follow(page, "//other.example/x").origin == "https://other.example"


def test_plain_path_is_what_a_forgiving_server_reads() -> None:
    assert plain_path(read_target("https://example.com/A//b/./../C%2fd")) == "/a/c/d/"
