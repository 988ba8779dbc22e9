"""The inbox page: the customer's phone and mailbox, as the stand-ins filled them."""

from __future__ import annotations

from django.core import signing

_SALT = "sandbox-inbox"


def inbox_token(address: str) -> str:
    """Lets whoever holds it see what was sent to this number or mail address: `?view=<token>`.

    The same address always gives the same token, so that a live page with it stays the same.
    """
    return signing.Signer(salt=_SALT).sign_object(address.strip().lower(), compress=False)


def address_of(token: str) -> str | None:
    """The address a token was made for, or None for a token that we did not make."""
    try:
        address = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return address if isinstance(address, str) else None
