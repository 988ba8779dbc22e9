"""What it costs to have it running: memory, disk, time to start."""

from __future__ import annotations

import time

import psutil

from tests.stack import Stack


def memory_megabytes(stack: Stack) -> float:
    """Memory of all processes together; what they share is counted once."""
    assert stack.process is not None
    everything = [psutil.Process(stack.process.pid), *stack.processes()]
    return sum(one.memory_full_info().pss for one in everything) / 1e6


def database_bytes(stack: Stack) -> int:
    """Bytes of all tables and indexes, after what is dead was taken out."""
    stack.sql("VACUUM")
    ((size,),) = stack.sql("SELECT pg_database_size(current_database())")
    return int(size)


def start_seconds(stack: Stack) -> float:
    """How long a start takes when everything is there already."""
    stack.stop()
    began = time.perf_counter()
    stack.start()
    return time.perf_counter() - began
