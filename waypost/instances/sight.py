"""Which instances an actor may see, as a condition of a query: `permissions.may_view` for lists."""

from __future__ import annotations

from waypost.instances.sql import Parameter, array
from waypost.people.actor import Actor

#: On `instance i` and `workflow w`; takes `sight_parameters`.
SIGHT = """(:sees_all::boolean
  OR NOT (:is_light::boolean OR i.is_private OR w.is_private)
  OR w.lead_id = ANY (:principals::bigint[]) OR w.tech_lead_id = ANY (:principals::bigint[])
  OR i.lead_id = ANY (:principals::bigint[]) OR i.starter_id = ANY (:principals::bigint[])
  OR EXISTS (SELECT FROM open_step o
    WHERE o.instance_id = i.id AND o.assignee_id = ANY (:principals::bigint[]))
  OR EXISTS (SELECT FROM event e
    WHERE e.instance_id = i.id AND e.actor_id = ANY (:principals::bigint[])))"""


def sight_parameters(actor: Actor) -> dict[str, Parameter]:
    """The parameters of SIGHT, and the workspace that no query leaves."""
    principals = actor.principal_ids or {actor.principal_id}
    return {
        "workspace_id": actor.workspace_id,
        "sees_all": str(actor.is_admin),
        "is_light": str(actor.is_light),
        "principals": array(sorted(one for one in principals if one is not None)),
    }
