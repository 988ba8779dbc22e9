"""The REST API: one file a resource; its description comes from the types.

It keeps the words of Next Matter's API on the wire: a workflow is a process here, and a field an
action.
"""
