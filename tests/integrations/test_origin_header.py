"""Calls to ourselves say who made them, and only we can say it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import override_settings

from waypost.integrations.idempotency import idempotency_key
from waypost.integrations.origin_header import CallOrigin, read_origin, sign_origin

UID = UUID("7f1f3f7e-7b5c-4a33-9c27-3f0f7a0f9d11")
ORIGIN = CallOrigin(UID, "report; success é", 3)


def test_signed_origin_is_read_back() -> None:
    header = sign_origin(ORIGIN)

    assert read_origin(header) == ORIGIN
    assert header.isascii()
    assert header.isprintable()


@pytest.mark.parametrize("header", [None, "", ";", "a;b;c;d", ";;;", f"{UID};YQ;1;", "\ud800;é"])
def test_unsigned_origin_is_nobody(header: str | None) -> None:
    assert read_origin(header) is None


def test_changed_origin_is_nobody() -> None:
    header = sign_origin(ORIGIN)

    assert read_origin(header.replace(";3;", ";4;")) is None
    assert read_origin(header[:-1]) is None
    assert read_origin("0" + header) is None


def test_origin_signed_with_an_older_key_is_read() -> None:
    with override_settings(LINK_KEYS=("old",)):
        header = sign_origin(ORIGIN)

    with override_settings(LINK_KEYS=("new", "old")):
        assert read_origin(header) == ORIGIN
    with override_settings(LINK_KEYS=("new",)):
        assert read_origin(header) is None


def test_idempotency_key_belongs_to_one_visit() -> None:
    key = idempotency_key(UID, "send-text", 1)

    assert key == idempotency_key(UID, "send-text", 1)
    others = {
        idempotency_key(UID, "send-text", 2),
        idempotency_key(UID, "check", 1),
        idempotency_key(UUID(int=1), "send-text", 1),
    }
    assert len(others | {key}) == 4
