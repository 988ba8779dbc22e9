"""How codes are made and kept."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.db import connection
from pytest_django import Settings

from tests.sandbox.twilio.conftest import Refusal, Sandbox
from waypost.sandbox.clock import now
from waypost.sandbox.models import KeptAnswer
from waypost.sandbox.twilio.codes import CodeSource, code_of, is_right, newest_key_id
from waypost.sandbox.twilio.models import Text, Verification
from waypost.sandbox.twilio.texts import prune


def a_source(sid: str = "VE1", length: int = 6) -> CodeSource:
    """A derived code's origin."""
    return CodeSource(sid, "salt", newest_key_id(), length, None, "", None, None)


def test_same_origin_gives_the_same_code() -> None:
    assert code_of(a_source()) == code_of(a_source())


def test_amount_payee_salt_and_sid_all_count() -> None:
    source = a_source(length=10)
    others = [
        source,
        replace(source, amount="$5", payee="Bob"),
        replace(source, amount="$50", payee="Bob"),
        replace(source, salt="other"),
        replace(source, sid="VE2"),
    ]

    assert len({code_of(other) for other in others}) == 5


def test_digits_are_evenly_spread_and_zeros_lead() -> None:
    codes = [code_of(a_source(f"VE{n}", 4)) or "" for n in range(5000)]

    leading = Counter(code[0] for code in codes)
    assert all(len(code) == 4 for code in codes)
    assert all(400 < leading[str(digit)] < 600 for digit in range(10))


def test_code_of_a_lost_key_is_never_right() -> None:
    source = replace(a_source(), key_id="gone")

    assert code_of(source) is None
    assert not is_right(source, "123456")


def test_older_key_still_proves_its_codes(settings: Settings) -> None:
    source = a_source()
    code = code_of(source)
    newer = base64.urlsafe_b64encode(b"n" * 32).decode()

    settings.SANDBOX_CODE_KEYS = (newer, *settings.SANDBOX_CODE_KEYS)

    assert newest_key_id() != source.key_id
    assert code_of(source) == code


def test_database_holds_no_code_but_in_the_inbox(sandbox: Sandbox) -> None:
    sandbox.service.update(custom_code_enabled=True)
    sandbox.send(custom_code="Zx8!Q0")
    sandbox.send("+4915112345678")
    derived = sandbox.code("+4915112345678")

    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM sandbox_twilio_verification v")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert "Zx8!Q0" not in rows
    assert f",{derived}," not in rows


def test_custom_code_is_wiped_when_it_is_over(sandbox: Sandbox, refusal: Refusal) -> None:
    sandbox.service.update(custom_code_enabled=True)
    sandbox.send(custom_code="1234")
    assert Verification.objects.get().custom_code is not None

    sandbox.check("1234")

    assert Verification.objects.get().custom_code is None
    assert refusal(sandbox.check, "1234").status == 404


def test_codes_in_clear_and_kept_answers_go_after_a_day(sandbox: Sandbox) -> None:
    sandbox.post("Verifications", "To=%2B15017122661&Channel=sms", Idempotency_Key="k")
    assert Text.objects.count() == KeptAnswer.objects.count() == 1

    prune(now() + timedelta(hours=23))
    kept = Text.objects.count()
    prune(now() + timedelta(hours=25))

    assert kept == 1
    assert not Text.objects.exists() and not KeptAnswer.objects.exists()
    assert Verification.objects.count() == 1
