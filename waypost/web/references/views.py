"""What a text may refer to, and what a pasted one means: asked by the boxes of the editor."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from waypost.engine.known_references import KnownReference, known_references
from waypost.engine.segments import segments_of
from waypost.web.access import MemberRequest, member_page
from waypost.web.live import etag_of, not_modified
from waypost.web.references.kinds import BOX_KINDS, FORMAT_CHOICES
from waypost.web.references.place import place_of

#: Far more than a builder writes into one box.
LONGEST_PASTE = 100_000


@require_safe
@member_page
def known(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """Everything that may be referred to at a step, grouped by step, and how to write it."""
    place = place_of(request.actor, workflow_id, step_id)
    found = known_references(place.workflow, place.step_key)
    answer = {
        "groups": [
            {"name": name, "references": [_shown(one) for one in group]}
            for name, group in groupby(found, key=_group_name)
        ],
        "formats": [asdict(one) for one in FORMAT_CHOICES],
        "kinds": {name: asdict(kind) for name, kind in BOX_KINDS.items()},
    }
    content = json.dumps(answer)
    etag = etag_of(content)
    response = not_modified(request, etag) or HttpResponse(
        content, content_type="application/json", headers={"ETag": etag}
    )
    # The browser keeps it, and asks each time whether it is still so.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@member_page
def paste(request: MemberRequest, workflow_id: int, step_id: int) -> HttpResponse:
    """A text in pieces, its printed references as stored ones; nothing is changed."""
    place = place_of(request.actor, workflow_id, step_id)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST_PASTE:
        return JsonResponse({"message": "This is too long. Paste it in parts."}, status=413)
    segments = segments_of(text, place.workflow, place.step_key)
    return JsonResponse({"segments": [asdict(one) for one in segments]})


def _group_name(one: KnownReference) -> str:
    return f"{one.number}. {one.step_name}" if one.number else one.step_name


def _shown(one: KnownReference) -> dict[str, str | list[str]]:
    return {
        "reference": str(one.reference)[3:-2],
        "label": one.label,
        "name": one.name,
        "sample": one.sample,
        "formats": list(one.formats),
        "note": _note(one),
    }


def _note(one: KnownReference) -> str:
    if one.is_later:
        return "works once that step is active"
    return "empty when skipped" if one.may_be_skipped else ""
