"""`python -m waypost.cli`: the same as the `waypost` command."""

from __future__ import annotations

from waypost.cli import main

main(prog_name="waypost")
