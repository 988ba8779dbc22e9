"""`/v3/templates`: transactional templates, listed, made, renamed, copied and deleted."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from waypost.sandbox.sendgrid.errors import Fault
from waypost.sandbox.sendgrid.models import Template, Version
from waypost.sandbox.sendgrid.requests import Asked, Refused, by_method
from waypost.sandbox.sendgrid.shapes import Fields, Json

GENERATIONS = ("legacy", "dynamic")
MOST_NAME_LETTERS = 100
MOST_PAGE_SIZE = 200


def own_template(asked: Asked, template_id: str) -> Template:
    """The caller's template; 404 for anybody else's."""
    return get_object_or_404(
        Template, account_sid=asked.caller.account_sid, template_id=template_id
    )


def as_time(moment: datetime) -> str:
    """SendGrid's way to write a moment: UTC, without a zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def wanted_name(fields: Fields) -> str:
    """The name in the body; 400 without one or with a long one."""
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, [Fault("The name is required and must be a string.", "name")])
    if len(name) > MOST_NAME_LETTERS:
        raise Refused(400, [Fault("The name must not exceed 100 characters.", "name")])
    return name


def shown_template(template: Template, versions: list[Version]) -> dict[str, Json]:
    """A template with its versions in short."""
    return {
        "id": template.template_id,
        "name": template.name,
        "generation": template.generation,
        "updated_at": as_time(template.updated),
        "versions": [_short(version, template) for version in versions],
    }


def _short(version: Version, template: Template) -> dict[str, Json]:
    return {
        "id": str(version.version_id),
        "template_id": template.template_id,
        "active": int(version.is_active),
        "name": version.name,
        "subject": version.subject,
        "updated_at": as_time(version.updated),
        "generate_plain_content": version.generate_plain_content,
        "editor": version.editor,
    }


def _list(asked: Asked) -> HttpResponse:
    size, after = _page(asked)
    generations = asked.http.GET.get("generations", "legacy").split(",")
    found = Template.objects.filter(
        account_sid=asked.caller.account_sid, generation__in=generations
    ).order_by("id")
    page = list(found.filter(id__gt=after).prefetch_related("versions")[: size + 1])
    metadata: dict[str, Json] = {"self": _page_url(asked, after), "count": found.count()}
    if len(page) > size:
        metadata["next"] = _page_url(asked, page[size - 1].id)
    if after:
        metadata["prev"] = _page_url(asked, _start_before(asked, after, size))
    result = [shown_template(template, list(template.versions.all())) for template in page[:size]]
    return JsonResponse({"result": result, "_metadata": metadata})


def _start_before(asked: Asked, after: int, size: int) -> int:
    """The token of the page before the one that begins after this id."""
    generations = asked.http.GET.get("generations", "legacy").split(",")
    earlier = Template.objects.filter(
        account_sid=asked.caller.account_sid, generation__in=generations, id__lte=after
    ).order_by("-id")
    return earlier.values_list("id", flat=True)[size : size + 1].first() or 0


def _page(asked: Asked) -> tuple[int, int]:
    size, token = asked.http.GET.get("page_size", ""), asked.http.GET.get("page_token", "0")
    if not size.isdecimal() or not 1 <= int(size[:9]) <= MOST_PAGE_SIZE:
        message = "The page_size is required and must be between 1 and 200."
        raise Refused(400, [Fault(message, "page_size")])
    if not token.isdecimal() or len(token) > 18:
        raise Refused(400, [Fault("The page_token is not valid.", "page_token")])
    if not set(asked.http.GET.get("generations", "legacy").split(",")) <= set(GENERATIONS):
        message = "The generations must be legacy, dynamic or legacy,dynamic."
        raise Refused(400, [Fault(message, "generations")])
    return int(size), int(token)


def _page_url(asked: Asked, after: int) -> str:
    query = {**asked.http.GET.dict(), "page_token": after}
    return f"{settings.SANDBOX_PUBLIC_URL}/v3/templates?{urlencode(query)}"


def _create(asked: Asked) -> HttpResponse:
    generation = asked.fields.get("generation", "legacy")
    if generation not in GENERATIONS:
        message = "The generation must be legacy or dynamic."
        raise Refused(400, [Fault(message, "generation")])
    template = _new_template(asked, wanted_name(asked.fields), str(generation))
    return JsonResponse(shown_template(template, []), status=201)


def _new_template(asked: Asked, name: str, generation: str) -> Template:
    key = uuid.uuid4()
    return Template.objects.create(
        account_sid=asked.caller.account_sid,
        template_id=f"d-{key.hex}" if generation == "dynamic" else str(key),
        name=name,
        generation=generation,
        updated=asked.caller.now,
    )


def _read(asked: Asked, template_id: str) -> HttpResponse:
    template = own_template(asked, template_id)
    return JsonResponse(shown_template(template, list(template.versions.order_by("id"))))


def _rename(asked: Asked, template_id: str) -> HttpResponse:
    template = own_template(asked, template_id)
    template.name, template.updated = wanted_name(asked.fields), asked.caller.now
    template.save()
    return JsonResponse(shown_template(template, list(template.versions.order_by("id"))))


def _delete(asked: Asked, template_id: str) -> HttpResponse:
    own_template(asked, template_id).delete()
    return HttpResponse(status=204)


def _duplicate(asked: Asked, template_id: str) -> HttpResponse:
    """A copy with all versions; without a name it is called after the first."""
    template = own_template(asked, template_id)
    default = f"Duplicate: {template.name}"[:MOST_NAME_LETTERS]
    name = wanted_name(asked.fields) if "name" in asked.fields else default
    copy = _new_template(asked, name, template.generation)
    versions = list(template.versions.order_by("id"))
    for version in versions:
        version.id, version.version_id = None, uuid.uuid4()
        version.template, version.updated = copy, asked.caller.now
    Version.objects.bulk_create(versions)
    return JsonResponse(shown_template(copy, versions), status=201)


templates_view = by_method(GET=_list, POST=_create)
template_view = by_method(GET=_read, PATCH=_rename, DELETE=_delete, POST=_duplicate)
