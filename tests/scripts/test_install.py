"""The installer trusts a checksum, not an index."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

INSTALLER = Path(__file__).resolve().parents[2] / "scripts/install.py"


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without writing to the terminal."""

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A package index on this machine: its address and its folder."""
    folder = tmp_path / "index"
    (folder / "uv").mkdir(parents=True)
    serve = functools.partial(QuietFiles, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the installer alone."""
    folder = tmp_path / "a checkout"
    (folder / "scripts").mkdir(parents=True)
    shutil.copy(INSTALLER, folder / "scripts")
    (folder / "uv.lock").touch()
    (folder / "pyproject.toml").touch()
    return folder


def test_wheel_with_another_checksum_is_refused(index: tuple[str, Path], checkout: Path) -> None:
    address, folder = index
    names = [line.split('"')[1] for line in _wheel_lines()]
    wheels = [name.replace("{UV_VERSION}", _version()) for name in names]
    links = "".join(f'<a href="../{wheel}#sha256=0">{wheel}</a>' for wheel in wheels)
    (folder / "uv/index.html").write_text(links)
    for wheel in wheels:
        (folder / wheel).write_bytes(b"something else")

    done = _install(checkout, address)

    assert done.returncode == 1
    assert "is not the file that was expected" in done.stderr
    assert not (checkout / ".uv").exists()


def test_index_without_uv_is_named(index: tuple[str, Path], checkout: Path) -> None:
    address, folder = index
    (folder / "uv/index.html").write_text('{"files": []}')

    done = _install(checkout, address)

    assert done.returncode == 1
    assert f"{address}/uv/ does not list uv-{_version()}" in done.stderr


def _install(checkout: Path, address: str) -> subprocess.CompletedProcess[str]:
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, str(checkout / "scripts/install.py")],
        env=kept | {"PIP_INDEX_URL": address, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
    )


def _wheel_lines() -> list[str]:
    return [line for line in INSTALLER.read_text().splitlines() if '.whl",' in line]


def _version() -> str:
    lines = INSTALLER.read_text().splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("UV_VERSION"))
