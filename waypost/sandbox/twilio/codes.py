"""The codes. A made one is never stored: it is derived again from a key outside the database.

`HMAC-SHA256(key, sid, salt, amount, payee, length, n)`, the first of its 64-bit numbers below the
greatest multiple of 10^length: every code is equally likely. A code given by the caller is
encrypted instead.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from itertools import count

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from waypost.sandbox.keys import code_keys

_SPAN = 2**64


@dataclass(frozen=True, slots=True)
class CodeSource:
    """What a verification's code comes from; amount and payee bind it to one payment."""

    sid: str
    salt: str
    key_id: str
    length: int
    custom_code: str | None
    fixed_code: str
    amount: str | None
    payee: str | None


def newest_key_id() -> str:
    """The fingerprint of the key that new codes are derived from."""
    return next(iter(code_keys()))


def code_of(source: CodeSource) -> str | None:
    """The code in clear; None when its key was taken away or its custom code wiped."""
    if source.fixed_code:
        return source.fixed_code
    if source.custom_code is not None:
        return _decrypted(source.custom_code)
    key = code_keys().get(source.key_id)
    return None if key is None else _derived(key, source)


def is_right(source: CodeSource, given: str) -> bool:
    """Compare in constant time."""
    code = code_of(source)
    return code is not None and hmac.compare_digest(code.encode(), given.encode())


def encrypted(code: str) -> str:
    """A custom code as it is kept until its verification ends."""
    return _box().encrypt(code.encode()).decode()


def _derived(key: bytes, source: CodeSource) -> str:
    codes = 10**source.length
    fair = _SPAN - _SPAN % codes
    origin = [source.sid, source.salt, source.amount, source.payee, source.length]
    for attempt in count():
        text = json.dumps([*origin, attempt]).encode()
        number = int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:8], "big")
        if number < fair:
            return str(number % codes).zfill(source.length)
    raise AssertionError("count() never ends")


def _decrypted(token: str) -> str | None:
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    """Its keys are derived from the ring, so that no key serves two purposes."""
    keys = [hmac.new(key, b"custom code", hashlib.sha256).digest() for key in code_keys().values()]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
