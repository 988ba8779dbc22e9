"""Which instances an actor may see, as a condition of a query: `permissions.may_view` for lists."""

from __future__ import annotations

from waypost.instances.sql import Parameter, array
from waypost.people.actor import Actor

#: On `instance i` and `workflow w`: whether strangers may not look at it.
IS_PRIVATE = """(i.is_private OR w.is_private OR w.are_instances_private
  OR w.is_in_private_folder)"""

#: On the same: whether only its folder is private, and is one that `:principals` may open.
IN_OPENED_FOLDER = """(w.is_in_private_folder
  AND NOT (i.is_private OR w.is_private OR w.are_instances_private)
  AND w.folder_id = ANY (ARRAY(SELECT fa.folder_id FROM folder_access fa
    WHERE fa.principal_id = ANY (:principals::bigint[]))))"""

#: On the same; takes `sight_parameters`.
SIGHT = f"""(:sees_all::boolean
  OR NOT (:is_light::boolean OR {IS_PRIVATE})
  OR (NOT :is_light::boolean AND {IN_OPENED_FOLDER})
  OR w.lead_id = ANY (:principals::bigint[]) OR w.tech_lead_id = ANY (:principals::bigint[])
  OR i.lead_id = ANY (:principals::bigint[]) OR i.starter_id = ANY (:principals::bigint[])
  OR EXISTS (SELECT FROM open_step o
    WHERE o.instance_id = i.id AND o.assignee_id = ANY (:principals::bigint[]))
  OR EXISTS (SELECT FROM event e
    WHERE e.instance_id = i.id AND e.actor_id = ANY (:principals::bigint[])))"""  # noqa: S608


def sight_parameters(actor: Actor) -> dict[str, Parameter]:
    """The parameters of SIGHT, and the workspace that no query leaves."""
    principals = actor.principal_ids or {actor.principal_id}
    return {
        "workspace_id": actor.workspace_id,
        "sees_all": str(actor.is_admin),
        "is_light": str(actor.is_light),
        "principals": array(sorted(one for one in principals if one is not None)),
    }
