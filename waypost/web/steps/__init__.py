"""The page of one step for somebody without an account."""
