"""`/v3/templates/{id}/versions`: the texts of a template, one of which is active."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from waypost.sandbox.sendgrid import handlebars
from waypost.sandbox.sendgrid.errors import Fault
from waypost.sandbox.sendgrid.handlebars import HandlebarsError
from waypost.sandbox.sendgrid.models import Template, Version
from waypost.sandbox.sendgrid.plain_text import plain_text
from waypost.sandbox.sendgrid.requests import Asked, Refused, by_method
from waypost.sandbox.sendgrid.shapes import Fields, Json
from waypost.sandbox.sendgrid.templates import as_time, own_template, wanted_name

MOST_SUBJECT_LETTERS = 255
MOST_CONTENT_BYTES = 1_048_576
_TEXTS = ("html_content", "plain_content", "test_data")


def _own_version(asked: Asked, template_id: str, version_id: str) -> Version:
    template = own_template(asked, template_id)
    version = get_object_or_404(Version, template=template, version_id=version_id)
    version.template = template
    return version


def _shown(version: Version) -> dict[str, Json]:
    return {
        "id": str(version.version_id),
        "template_id": version.template.template_id,
        "active": int(version.is_active),
        "name": version.name,
        "subject": version.subject,
        "html_content": version.html_content,
        "plain_content": version.plain_content,
        "generate_plain_content": version.generate_plain_content,
        "editor": version.editor,
        "test_data": version.test_data,
        "updated_at": as_time(version.updated),
        "warnings": [],
    }


def _create(asked: Asked, template_id: str) -> HttpResponse:
    """The first version of a template is active whatever was asked."""
    template = own_template(asked, template_id)
    if "subject" not in asked.fields:
        raise Refused(400, [Fault("The subject is required and must be a string.", "subject")])
    version = Version(template=template, version_id=uuid.uuid4(), name=wanted_name(asked.fields))
    wants_active = asked.fields.get("active") == 1 or not template.versions.exists()
    _fill(version, asked.fields)
    _save(version, asked, wants_active)
    return JsonResponse(_shown(version), status=201)


def _read(asked: Asked, template_id: str, version_id: str) -> HttpResponse:
    return JsonResponse(_shown(_own_version(asked, template_id, version_id)))


def _change(asked: Asked, template_id: str, version_id: str) -> HttpResponse:
    version = _own_version(asked, template_id, version_id)
    if "name" in asked.fields:
        version.name = wanted_name(asked.fields)
    if asked.fields.get("active") == 0:
        version.is_active = False
    _fill(version, asked.fields)
    _save(version, asked, asked.fields.get("active") == 1)
    return JsonResponse(_shown(version))


def _delete(asked: Asked, template_id: str, version_id: str) -> HttpResponse:
    _own_version(asked, template_id, version_id).delete()
    return HttpResponse(status=204)


def _activate(asked: Asked, template_id: str, version_id: str) -> HttpResponse:
    version = _own_version(asked, template_id, version_id)
    _save(version, asked, wants_active=True)
    return JsonResponse(_shown(version))


def _save(version: Version, asked: Asked, wants_active: bool) -> None:
    """One version is active: the others step back first, as the database holds that rule."""
    if wants_active:
        Template.objects.select_for_update().get(id=version.template_id)
        version.template.versions.filter(is_active=True).update(is_active=False)
        version.is_active = True
    version.updated = asked.caller.now
    version.save()


def _fill(version: Version, fields: Fields) -> None:
    """Take the given fields; raises Refused with everything wrong about them."""
    faults = [*_text_faults(fields), *_choice_faults(fields)]
    if faults:
        raise Refused(400, faults)
    for name in ("subject", *_TEXTS, "editor", "generate_plain_content"):
        if name in fields:
            setattr(version, name, fields[name])
    if version.generate_plain_content and (version.html_content or "plain_content" not in fields):
        version.plain_content = plain_text(version.html_content)
    _check_handlebars(version)


def _text_faults(fields: Fields) -> list[Fault]:
    faults = []
    subject = fields.get("subject", "")
    if not isinstance(subject, str) or len(subject) > MOST_SUBJECT_LETTERS:
        message = "The subject must be a string of at most 255 characters."
        faults.append(Fault(message, "subject"))
    for name in _TEXTS:
        text = fields.get(name, "")
        if not isinstance(text, str) or len(text.encode()) > MOST_CONTENT_BYTES:
            message = f"The {name} must be a string of at most 1048576 bytes."
            faults.append(Fault(message, name))
    return faults


def _choice_faults(fields: Fields) -> list[Fault]:
    faults = []
    active = fields.get("active", 0)
    if isinstance(active, bool) or active not in (0, 1):
        faults.append(Fault("The active flag must be 0 or 1.", "active"))
    if fields.get("editor", "code") not in ("code", "design"):
        faults.append(Fault("The editor must be code or design.", "editor"))
    if not isinstance(fields.get("generate_plain_content", True), bool):
        message = "The generate_plain_content flag should be a boolean value."
        faults.append(Fault(message, "generate_plain_content"))
    return faults


def _check_handlebars(version: Version) -> None:
    """A dynamic template that cannot be read is refused here, not when the mail is due."""
    if version.template.generation != "dynamic":
        return
    for name in ("subject", "html_content", "plain_content"):
        try:
            handlebars.check(getattr(version, name))
        except HandlebarsError as error:
            raise Refused(400, [Fault(str(error), name)]) from error


versions_view = by_method(POST=_create)
version_view = by_method(GET=_read, PATCH=_change, DELETE=_delete)
activate_view = by_method(POST=_activate)
