"""The inbox: one page, two panes for other pages, their live parts, and the mail preview."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.views.decorators.http import require_GET, require_POST

from waypost.sandbox import clock
from waypost.sandbox.inbox.access import Looking, looking, may_control
from waypost.sandbox.inbox.contents import (
    Letter,
    letter_of,
    newest_failures,
    newest_letters,
    newest_texts,
)
from waypost.sandbox.sendgrid.magic import FATES, UNVERIFIED_SENDER
from waypost.sandbox.twilio.magic import KNOWN_CODE, MAGIC

Values = Mapping[str, object]
PREVIEW_RULES = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_GONE = "This mail is not here any more. Mails are kept for 24 hours; send it again."
_PREVIEW = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><base target="_blank">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title><style>'
    ":root{{color-scheme:light}}body{{margin:20px;font:15px/1.55 system-ui,sans-serif;"
    "color:#1c2422;background:#fff;overflow-wrap:anywhere}}pre{{white-space:pre-wrap;font:inherit}}"
    "img{{max-width:100%}}</style></head><body>{body}</body></html>"
)


def _frame() -> str:
    """The page around the inbox: ours, unless the site has one of its own."""
    frame: str = getattr(settings, "SANDBOX_FRAME_TEMPLATE", "inbox/frame.html")
    return frame


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Everything sent, magic numbers, the clock and failures."""
    seen = looking(request)
    if seen is None or seen.view:
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={request.path}")
    values = {
        "frame": _frame(),
        **_phone_values(seen),
        **_list_values(seen),
        **_letter_values(seen),
        **_trouble_values(seen),
        "may_control": may_control(request),
        "offset_seconds": clock.offset_seconds(),
        "magic_numbers": [(number, effect.says) for number, effect in MAGIC.items()],
        "known_code_says": KNOWN_CODE.says,
        "magic_mails": [(email, fate.explanation) for email, fate in FATES.items()],
        "unverified_sender": UNVERIFIED_SENDER,
    }
    return render(request, "inbox/page.html", values)


def _pane(template: str, *makers: Callable[[Looking], Values]) -> Callable[..., HttpResponse]:
    """A whole small page to put into a frame."""

    @require_GET
    def answer(request: HttpRequest) -> HttpResponse:
        seen = looking(request)
        if seen is None:
            return render(request, "inbox/closed.html", status=403)
        values = {name: value for maker in makers for name, value in maker(seen).items()}
        return render(request, template, {"frame": "inbox/frame.html", **values})

    return answer


def _live(template: str, maker: Callable[[Looking], Values]) -> Callable[..., HttpResponse]:
    """A part that pages ask for every other second: 304 while it is the same."""

    @require_GET
    def answer(request: HttpRequest) -> HttpResponse:
        seen = looking(request)
        if seen is None:
            return HttpResponse("Sign in to see the sandbox's inbox.", status=403)
        content = render_to_string(template, dict(maker(seen)))
        tag = etag_of(content)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(content, headers=headers)

    return answer


def etag_of(content: str) -> str:
    """A strong tag of the letters."""
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'


def _phone_values(seen: Looking) -> Values:
    return {
        "texts": newest_texts(seen.phone),
        "phone": "" if seen.phone == "nobody" else seen.phone,
        "phone_src": f"/sandbox/inbox/live/phone{seen.query()}",
    }


def _list_values(seen: Looking) -> Values:
    letters = newest_letters(seen.mail)
    shown = seen.selected or (letters[0].key if letters else "")
    return {
        "rows": [(letter, seen.query(mail=letter.key), letter.key == shown) for letter in letters],
        "mail": "" if seen.mail == "nobody@" else seen.mail,
        "list_src": f"/sandbox/inbox/live/list{seen.query(mail=seen.selected)}",
    }


def _letter_values(seen: Looking) -> Values:
    """The mail that is open: the chosen one, else the newest."""
    newest = next(iter(newest_letters(seen.mail)), None)
    chosen = letter_of(seen.selected)
    letter = chosen or (letter_of(newest.key) if newest else None)
    if letter and not _may_read(seen, letter):
        letter = None
    preview = f"/sandbox/inbox/mail/{letter.key}{seen.query(to='', target='')}" if letter else ""
    return {
        "letter": letter,
        "preview_src": preview,
        "target": seen.target,
        "letter_src": f"/sandbox/inbox/live/letter{seen.query(mail=seen.selected)}",
    }


def _trouble_values(seen: Looking) -> Values:
    return {"failures": [] if seen.view else newest_failures()}


def _may_read(seen: Looking, letter: Letter) -> bool:
    return not seen.view or seen.mail in letter.addresses


@require_GET
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """A mail as its reader sees it: somebody else's HTML, so nothing in it runs or loads."""
    seen, letter = looking(request), letter_of(key)
    if seen is None or letter is None or not _may_read(seen, letter):
        return HttpResponse(_GONE, status=404, content_type="text/plain")
    body = letter.html or f"<pre>{escape(letter.text)}</pre>"
    response = HttpResponse(_PREVIEW.format(title=escape(letter.subject), body=body))
    response["Content-Security-Policy"] = PREVIEW_RULES
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let the sandbox's time pass, or bring it back to the real time."""
    if not may_control(request):
        return HttpResponse("Sign in as an administrator to move the clock.", status=403)
    minutes = request.POST.get("minutes", "")
    if minutes == "reset":
        clock.set_offset(0)
    elif minutes.isdecimal() and len(minutes) <= 5:
        clock.advance(int(minutes) * 60)
    else:
        return HttpResponse("Send minutes as a whole number up to 99999, or reset.", status=400)
    return HttpResponseRedirect("/sandbox/inbox/")


phone_pane = _pane("inbox/phone_pane.html", _phone_values)
mail_pane = _pane("inbox/mail_pane.html", _list_values, _letter_values)
live_phone = _live("inbox/_phone.html", _phone_values)
live_list = _live("inbox/_list.html", _list_values)
live_letter = _live("inbox/_letter.html", _letter_values)
live_trouble = _live("inbox/_trouble.html", _trouble_values)
