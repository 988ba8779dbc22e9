"""Who may do what, in one place: plain rules on an actor and the people around an instance."""

from __future__ import annotations

from dataclasses import dataclass

from waypost.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Circle:
    """The principals around one instance, and whether strangers may look at it.

    `is_private`: the instance or its workflow is. `is_involved`: the actor has or had a step of it.
    """

    workflow_lead_id: int | None = None
    tech_lead_id: int | None = None
    instance_lead_id: int | None = None
    starter_id: int | None = None
    is_private: bool = False
    is_involved: bool = False


def is_one_of(actor: Actor, *principal_ids: int | None) -> bool:
    """Whether the actor, or a team of theirs, is one of these."""
    own = actor.principal_ids | {actor.principal_id}
    return any(principal is not None and principal in own for principal in principal_ids)


def may_view(actor: Actor, circle: Circle) -> bool:
    """See the instance: all colleagues, unless it is private; light users only their own."""
    if actor.is_admin or circle.is_involved:
        return True
    if not (circle.is_private or actor.is_light):
        return actor.principal_id is not None
    return is_one_of(
        actor,
        circle.workflow_lead_id,
        circle.tech_lead_id,
        circle.instance_lead_id,
        circle.starter_id,
    )


def may_complete(actor: Actor, circle: Circle, assignee_id: int | None) -> bool:
    """Complete a step: its assignee, the workflow lead, or an admin (platform 7.1)."""
    return actor.is_admin or is_one_of(actor, assignee_id, circle.workflow_lead_id)


def may_skip(actor: Actor, circle: Circle) -> bool:
    """Pass or restart a step: admins, the tech lead and the workflow lead (platform 5.3)."""
    return actor.is_admin or is_one_of(actor, circle.workflow_lead_id, circle.tech_lead_id)


def may_assign(actor: Actor, *, workflow_lead_id: int | None) -> bool:
    """Give a step to another than the workflow says: admins and the workflow lead (platform 8).

    Else whoever starts a run could name themselves for the steps that are to check on them.
    """
    return actor.is_admin or is_one_of(actor, workflow_lead_id)


def may_edit(actor: Actor, circle: Circle) -> bool:
    """Change name, deadline, priority or tags."""
    return may_stop(actor, circle)


def may_stop(actor: Actor, circle: Circle) -> bool:
    """Stop a run: admins, the workflow lead, and who leads or started it (platform 8)."""
    return actor.is_admin or is_one_of(
        actor, circle.workflow_lead_id, circle.instance_lead_id, circle.starter_id
    )


def may_delete(actor: Actor, circle: Circle) -> bool:
    """Delete a run: admins and the workflow lead (platform 8)."""
    return actor.is_admin or is_one_of(actor, circle.workflow_lead_id)


def may_start(actor: Actor, *, is_private: bool, workflow_lead_id: int | None) -> bool:
    """Start a workflow: all colleagues, unless it is private."""
    if actor.principal_id is None or actor.is_light:
        return False
    return actor.is_admin or not is_private or is_one_of(actor, workflow_lead_id)


def may_view_exchanges(actor: Actor, circle: Circle) -> bool:
    """Read what was sent to other systems and what they answered (platform 8)."""
    return actor.is_admin or is_one_of(
        actor, circle.workflow_lead_id, circle.tech_lead_id, circle.instance_lead_id
    )
