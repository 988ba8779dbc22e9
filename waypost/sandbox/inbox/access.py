"""Who may look: anybody signed in sees everything, a view token shows one address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from waypost.sandbox.inbox import address_of


@dataclass(frozen=True, slots=True)
class Looking:
    """What a visitor asked to see and may see; no address means everything."""

    phone: str
    mail: str
    view: str
    selected: str
    target: str

    def query(self, **changes: str) -> str:
        """The question mark and fields that lead to the same view, with changes."""
        to = " ".join(address for address in (self.phone, self.mail) if address)
        fields = {"to": to, "view": self.view, "target": self.target, **changes}
        return "?" + urlencode({name: value for name, value in fields.items() if value})


def is_signed_in(request: HttpRequest) -> bool:
    """Any account that may sign in may see the sandbox."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and user.is_active)


def may_control(request: HttpRequest) -> bool:
    """Only administrators move the clock."""
    user = getattr(request, "user", None)
    is_admin = bool(getattr(user, "is_staff", False) or getattr(user, "is_superuser", False))
    return is_signed_in(request) and is_admin


def looking(request: HttpRequest) -> Looking | None:
    """What the visitor sees; None when neither a session nor a token lets them in."""
    view = request.GET.get("view", "")
    wanted = request.GET.get("to", "").replace("\0", "")
    if view:
        address = address_of(view)
        if address is None:
            return None
        wanted = address
    elif not is_signed_in(request):
        return None
    phone, mail = _addresses(wanted)
    if view:  # A token for a phone must not open every mailbox, nor the other way round.
        phone, mail = phone or "nobody", mail or "nobody@"
    target = request.GET.get("target", "")
    return Looking(
        phone=phone,
        mail=mail,
        view=view,
        selected=request.GET.get("mail", "")[:20],
        target=target if target.replace("-", "").isalnum() else "",
    )


def _addresses(wanted: str) -> tuple[str, str]:
    """The number and the mail address among the words; a number's plus sign may have got lost."""
    phone = mail = ""
    for word in wanted.lower().split():
        if "@" in word:
            mail = word
        else:
            phone = f"+{word.lstrip('+')}"
    return phone, mail
