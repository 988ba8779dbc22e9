"""Links that sign somebody in once: how the owner of a new installation gets in."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.utils import timezone

from waypost.engine.errors import Refusal
from waypost.people.models import Account, Member

_SALT = "waypost.people.welcome"
_VALID_SECONDS = 60 * 60

_USED_UP = Refusal(
    "welcome_link_used_up",
    "This link was used already, or is over an hour old. Start Waypost again to get a new one, "
    "or sign in with your e-mail address.",
)


def welcome_link(account: Account | None = None) -> str:
    """A link that signs the account in; by default the first admin, or no link without one.

    It ends with the first sign-in of any kind, because it is bound to the last one.
    """
    account = account or _owner()
    if account is None:
        return ""
    token = signing.dumps([account.pk, _last_sign_in(account)], salt=_SALT)
    return f"{settings.PUBLIC_URL}/welcome/{token}/"


def redeem_welcome(token: str) -> Account | Refusal:
    """The account that a link's token signs in; the same token never works twice."""
    try:
        account_id, last_sign_in = signing.loads(token, salt=_SALT, max_age=_VALID_SECONDS)
    except (signing.BadSignature, ValueError):
        return _USED_UP
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None or _last_sign_in(account) != last_sign_in:
        return _USED_UP
    # Compare and set: of two requests at once only one finds the old moment.
    same = Account.objects.filter(pk=account.pk, last_login=account.last_login)
    if account.last_login is None:
        same = Account.objects.filter(pk=account.pk, last_login__isnull=True)
    account.last_login = timezone.now()
    return account if same.update(last_login=account.last_login) else _USED_UP


def _last_sign_in(account: Account) -> str:
    return account.last_login.isoformat() if account.last_login else ""


def _owner() -> Account | None:
    admins = Member.objects.filter(
        role=Member.Role.ADMIN, account__is_active=True, principal__deactivated_at=None
    )
    owner = admins.select_related("account").order_by("pk").first()
    return None if owner is None else owner.account
