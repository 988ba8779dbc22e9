"""Where workflows are listed, shown, started, copied, exchanged and put away."""

from __future__ import annotations

from django.urls import path

from waypost.web.workflows import (
    duplicating,
    ending,
    exchange,
    folders,
    listing,
    notes,
    settings,
    versions,
    views,
)

_ONE = "workflows/<int:workflow_id>/"
_NOTE = f"{_ONE}notes/<int:note_id>/"
_VERSION = f"{_ONE}versions/<int:version>/"
_FOLDER = "workflows/folders/<int:folder_id>/"

urlpatterns = [
    path("workflows/", listing.workflow_list, name="workflow-list"),
    path("workflows/import/", exchange.import_page, name="workflow-import"),
    path("workflows/folders/new/", folders.new_folder, name="folder-new"),
    path(_FOLDER, folders.folder_page, name="folder"),
    path(f"{_FOLDER}delete/", folders.delete_folder, name="folder-delete"),
    path(_ONE, views.workflow_page, name="workflow"),
    path(f"{_ONE}start/", views.start, name="workflow-start"),
    path(f"{_ONE}settings/", settings.settings_page, name="workflow-settings"),
    path(f"{_ONE}move/", folders.move, name="workflow-move"),
    path(f"{_ONE}duplicate/", duplicating.duplicate, name="workflow-duplicate"),
    path(f"{_ONE}export.yaml", exchange.export, {"kind": "yaml"}, name="workflow-yaml"),
    path(f"{_ONE}export.json", exchange.export, {"kind": "json"}, name="workflow-json"),
    path(f"{_ONE}archive/", ending.archive, name="workflow-archive"),
    path(f"{_ONE}unarchive/", ending.unarchive, name="workflow-unarchive"),
    path(f"{_ONE}delete/", ending.delete, name="workflow-delete"),
    path(f"{_ONE}versions/", versions.version_list, name="workflow-versions"),
    path(_VERSION, versions.version_page, name="workflow-version"),
    path(f"{_VERSION}restore/", versions.restore, name="workflow-restore"),
    path(f"{_ONE}changelog/", versions.changelog, name="workflow-changelog"),
    path(f"{_ONE}notes/", notes.add, name="note-add"),
    path(f"{_NOTE}reply/", notes.reply, name="note-reply"),
    path(f"{_NOTE}assign/", notes.assign, name="note-assign"),
    path(f"{_NOTE}complete/", notes.complete, name="note-complete"),
]
