"""`make bench`: every figure with its limit, in one run on one machine."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from bench.calls import measure_latency
from bench.editor import STEPS as EDITOR_STEPS
from bench.editor import measure_editor
from bench.footprint import database_bytes, memory_megabytes, start_seconds
from bench.forms import (
    STEPS,
    Pgbench,
    go_half_way,
    import_forms,
    measure_completions,
    start_instances,
)
from bench.history import add_past
from bench.report import Report
from bench.stub import Stub, a_stub
from bench.verifications import measure_verifications
from tests.stack import Stack, a_stack

VERIFICATIONS = 100
PAST = 100_000
INSTANCES = 640
ROUNDS = 3


def main() -> int:
    """Measure everything, or only the letters given; 1 when a limit is missed."""
    report = Report()
    letters = set("".join(sys.argv[1:]) or "abcdef")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waypost.config.settings")
    with a_stub() as stub, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        origins = ("https://verify.twilio.com", "https://api.sendgrid.com")
        settings = {
            "WAYPOST_API_REQUESTS_PER_MINUTE": "0",
            "WAYPOST_ALLOW_ADDRESSES": stub.url,
            "WAYPOST_ORIGIN_MAP": ",".join(f"{origin}={stub.url}" for origin in origins),
        }
        with a_stack(Path(folder) / "data", **settings) as stack:
            report.add(
                "(e) start, everything installed and migrated", f"{start_seconds(stack):.1f} s"
            )
            report.add("(e) memory of all processes, idle", f"{memory_megabytes(stack):.0f} MB")
            if "c" in letters:
                _calls(report, stack, stub)
            if "b" in letters:
                _verifications(report, stack)
            if letters & {"a", "d"}:
                _forms(report, stack)
            if "f" in letters:
                _editor(report, stack)
            report.add(
                "(e) memory of all processes, after all", f"{memory_megabytes(stack):.0f} MB"
            )
    return 0 if report.is_met else 1


def _calls(report: Report, stack: Stack, stub: Stub) -> None:
    p50, p95 = measure_latency(stack, stub)
    report.judge(
        "(c) step completed to call arriving, idle: p50", f"{p50:.1f} ms", "20 ms", lambda: p50 < 20
    )
    report.add("(c) the same, p95", f"{p95:.1f} ms")


def _verifications(report: Report, stack: Stack) -> None:
    before = database_bytes(stack)
    rate = measure_verifications(stack, VERIFICATIONS)
    used = (database_bytes(stack) - before) / VERIFICATIONS
    report.add("(b) whole verifications", f"{rate:.1f} /s")
    report.add("(e) disk for a finished verification", f"{used / 1000:.0f} kB")


def _editor(report: Report, stack: Stack) -> None:
    for name, p95 in measure_editor(stack).items():
        title = f"(f) editor, {EDITOR_STEPS} steps, {name}: p95"
        report.judge(title, f"{p95:.0f} ms", "100 ms", partial(_is_below, p95, 100))


def _is_below(value: float, limit: float) -> bool:
    return value < limit


def _forms(report: Report, stack: Stack) -> None:
    process = import_forms(stack)
    half, *first = start_instances(stack, process, 64)
    go_half_way(stack, process, half)
    measure_completions(stack, process, first)
    pgbench = Pgbench(stack, half)
    plain, ours = _alternate(stack, process, pgbench)
    report.add("(a) pgbench, the same rows", f"{plain:.0f} /s")
    report.add("(a) complete_step, 32 connections", f"{ours:.0f} /s")
    ratio = ours / plain
    report.judge("(a) ratio", f"{ratio:.2f}", "at least 0.35", lambda: ratio >= 0.35)
    add_past(stack, first[0], PAST)
    later = median(_completions(stack, process) for _ in range(ROUNDS))
    report.add(f"(d) complete_step with {PAST:,} finished instances", f"{later:.0f} /s")
    slower = ours / later
    report.judge("(d) times slower", f"{slower:.2f}", "at most 1.3", lambda: slower <= 1.3)


def _alternate(stack: Stack, process: dict[str, object], pgbench: Pgbench) -> tuple[float, float]:
    """Both by turns, so that a slow moment of the machine hits both."""
    pairs = [(pgbench.per_second(), _completions(stack, process)) for _ in range(ROUNDS)]
    return median(plain for plain, _ in pairs), median(ours for _, ours in pairs)


def _completions(stack: Stack, process: dict[str, object]) -> float:
    waiting = start_instances(stack, process, INSTANCES)
    assert len(waiting) * STEPS >= 5000
    return measure_completions(stack, process, waiting).per_second


if __name__ == "__main__":
    sys.exit(main())
