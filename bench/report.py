"""Figures, each with its limit where it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured. `limit` says in words what `is_met` decided."""

    name: str
    value: str
    limit: str = ""
    is_met: bool = True


@dataclass(slots=True)
class Report:
    """Collects figures and prints each as it comes."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        """A figure without a limit."""
        self._keep(Figure(name, value))

    def judge(self, name: str, value: str, limit: str, is_met: Callable[[], bool]) -> None:
        """A figure that must be within its limit."""
        self._keep(Figure(name, value, limit, is_met()))

    @property
    def is_met(self) -> bool:
        """Whether every limit holds."""
        return all(figure.is_met for figure in self.figures)

    def _keep(self, figure: Figure) -> None:
        self.figures.append(figure)
        mark = "" if not figure.limit else ("  ok" if figure.is_met else "  MISSED")
        limit = f"  (limit: {figure.limit}){mark}" if figure.limit else ""
        print(f"{figure.name:<58} {figure.value:>18}{limit}", flush=True)
