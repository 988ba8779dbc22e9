"""Ties a process to the one that started it, so that kill -9 leaves nothing behind."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LIBC = ctypes.CDLL(None)


def end_with(parent_pid: int, last_signal: signal.Signals) -> None:
    """Called in a child: the kernel sends it this signal when its parent ends, in any way."""
    _LIBC.prctl(PR_SET_PDEATHSIG, int(last_signal), 0, 0, 0)
    if os.getppid() != parent_pid:  # The parent ended before the line above.
        os.kill(os.getpid(), last_signal)


def tied_to_us(last_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` for a child of this process; it also undoes a signal mask of ours.

    The kernel watches the thread that starts the child, so call it in the main thread.
    """
    parent_pid = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        end_with(parent_pid, last_signal)

    return prepare
