"""Dry runs: whole workflows played through with a clock of their own, nothing leaving the building.

Everything here is pure: the same definitions and the same moves give the same end, on a page, in
`waypost check` and before publishing. `docs/why/0008` says why providers are simulated.
"""
