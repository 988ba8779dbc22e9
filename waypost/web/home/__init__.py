"""The first page of a member: what waits, what failed, what ran."""
