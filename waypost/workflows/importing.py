"""What an import would do, before it is done: what the check says, and what would change."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.engine.definition import Workflow
from waypost.people.actor import Actor
from waypost.workflows.check import findings_before_publishing, normalised
from waypost.workflows.files import FileFinding, WorkflowFile
from waypost.workflows.identities import identities_of
from waypost.workflows.ids import with_known_ids
from waypost.workflows.queries import WorkflowSummary, find_by_key, read_draft
from waypost.workflows.secrets import take_secrets
from waypost.workflows.surroundings import surroundings_of


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A file against what is there; `before` is the present draft of the workflow under its key.

    `credentials` names the secrets written out in the file, which become credentials.
    """

    workflow: Workflow
    existing: WorkflowSummary | None
    before: Workflow | None
    findings: tuple[FileFinding, ...]
    credentials: tuple[str, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the check refuses it as it is."""
        stopping = ("error", "literal_secret")
        return any(
            one.finding.severity in stopping or one.finding.code in stopping
            for one in self.findings
        )


def preview_import(actor: Actor, file: WorkflowFile) -> ImportPreview:
    """Look at a file as an import would, and change nothing."""
    known = identities_of(actor.workspace_id, [file.workflow.key])
    cleaned = take_secrets(normalised(with_known_ids(file.workflow, known)))
    names = tuple(one.name for one in cleaned.credentials)
    around = surroundings_of(actor, [cleaned.workflow], names)
    found = findings_before_publishing([cleaned.workflow], around, around.workflows)
    existing = find_by_key(actor, file.workflow.key)
    before = None if existing is None else read_draft(actor, existing.id)
    return ImportPreview(
        workflow=cleaned.workflow,
        existing=existing,
        before=before if isinstance(before, Workflow) else None,
        findings=tuple(file.located(one) for one in found[cleaned.workflow.key]),
        credentials=names,
    )
