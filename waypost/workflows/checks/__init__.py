"""The checks that need a workspace, a provider or JSONPath, one file a subject; each is a function
`(Workflow) -> Iterator[Finding]` or takes the surroundings, too.
"""
