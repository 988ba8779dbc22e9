"""Is the port ours to use, and if not, whose is it?"""

from __future__ import annotations

import errno
import socket

HOST = "127.0.0.1"


def port_trouble(port: int) -> str | None:
    """Why we cannot listen there and what to do, or None when we can.

    Asked beforehand, because the web server shares its port between its processes
    (SO_REUSEPORT) and would silently share it with a stranger's too.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return _explain(port, error)
    return None


def listener(port: int) -> str:
    """Who listens on the port, as far as the system tells us."""
    import psutil

    try:
        connections = psutil.net_connections("inet")
    except psutil.AccessDenied:
        return "another program"
    for connection in connections:
        is_it = connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,)
        if is_it and connection.pid is not None:
            return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return "another program"


def _explain(port: int, error: OSError) -> str:
    other = f"choose another port: WAYPOST_PORT={port + 1} make run"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by {listener(port)}. Stop that, or {other}"
    return f"Port {port} cannot be used ({error.strerror}). Run as root for it, or {other}"
