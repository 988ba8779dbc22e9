"""Lists, newest first, with absolute links: the SDK follows `next_page_url` as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from waypost.sandbox.twilio.entry import Answer, Call, JsonBody
from waypost.sandbox.twilio.errors import invalid
from waypost.sandbox.twilio.form import Form

Item = TypeVar("Item", bound=Model)
_PAGING = ("PageSize", "Page", "PageToken")


def page_of(
    call: Call, items: QuerySet[Item], key: str, shape: Callable[[Call, Item], JsonBody]
) -> Answer:
    """One page of `items`, found from the id in the page token, so that new items shift nothing."""
    form = Form({name: call.query[name] for name in _PAGING if name in call.query})
    size = form.integer("PageSize", 1, 1000) or 50
    number = form.integer("Page", 0, 999_999_999) or 0
    token = form.pairs.get("PageToken", "")
    found, has_before, has_after = _slice(items, token, size)
    before = f"PB{found[0].pk}" if found and has_before else None
    after = f"PA{found[-1].pk}" if found and has_after else None
    meta = {
        "page": number,
        "page_size": size,
        "first_page_url": _link(call, size, 0, ""),
        "previous_page_url": before and _link(call, size, max(0, number - 1), before),
        "url": _link(call, size, number, token),
        "next_page_url": after and _link(call, size, number + 1, after),
        "key": key,
    }
    return Answer({key: [shape(call, item) for item in found], "meta": meta})


def _slice(items: QuerySet[Item], token: str, size: int) -> tuple[list[Item], bool, bool]:
    """The page, whether there is one before it, and whether there is one after it."""
    if not token:
        found = list(items.order_by("-pk")[: size + 1])
        return found[:size], False, len(found) > size
    anchor = re.fullmatch(r"P([AB])([0-9]{1,18})", token)
    if anchor is None:
        raise invalid("PageToken")
    if anchor[1] == "A":
        found = list(items.filter(pk__lt=int(anchor[2])).order_by("-pk")[: size + 1])
        return found[:size], True, len(found) > size
    found = list(items.filter(pk__gt=int(anchor[2])).order_by("pk")[: size + 1])
    return found[:size][::-1], len(found) > size, True


def _link(call: Call, size: int, number: int, token: str) -> str:
    """This list's address with its filters, at another page."""
    filters = [(name, value) for name, value in call.query.items() if name not in _PAGING]
    paging = [("PageSize", str(size)), ("Page", str(number))]
    if token:
        paging.append(("PageToken", token))
    return f"{call.base}{call.path}?{urlencode(filters + paging)}"
