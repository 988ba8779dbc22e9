"""Installs Waypost into .venv with nothing but Python 3.11: fetches uv, then what uv.lock names.

Usage: python3 scripts/install.py [--dev]
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import NoReturn
from urllib.parse import urljoin

CHECKOUT = Path(__file__).resolve().parents[1]
ENVIRONMENT = CHECKOUT / ".venv"
UV_VERSION = "0.13.9"
UV_FOLDER = CHECKOUT / ".uv"
UV = UV_FOLDER / f"uv-{UV_VERSION}"
# machine -> (wheel, sha256), from https://pypi.org/project/uv/#files
UV_WHEELS = {
    "x86_64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
PYTHONS = ((3, 11), (3, 12), (3, 13))
ATTEMPTS = 4
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def main() -> None:
    """Install what is missing; the second time there is nothing to do and no network is needed."""
    if sys.version_info[:2] not in PYTHONS:
        stop(f"Python {platform.python_version()} is not 3.11 to 3.13: make PYTHON=python3.11 run")
    with_dev = "--dev" in sys.argv[1:]
    if is_installed(with_dev):
        return
    if not UV.exists():
        fetch_uv()
    synchronise(with_dev)
    write_stamp(with_dev)


def is_installed(with_dev: bool) -> bool:
    """True when .venv was made from this very lock file, for this checkout path."""
    stamps = [stamp_file(True)] if with_dev else [stamp_file(True), stamp_file(False)]
    wanted = fingerprint()
    return any(stamp.exists() and stamp.read_text() == wanted for stamp in stamps)


def stamp_file(with_dev: bool) -> Path:
    """Lies in .venv, so that both are deleted together."""
    return ENVIRONMENT / ("installed-with-dev" if with_dev else "installed")


def fingerprint() -> str:
    """Of everything the environment is made from; its scripts hold its path, so that counts too."""
    whole = hashlib.sha256(str(CHECKOUT).encode())
    for name in ("uv.lock", "pyproject.toml"):
        whole.update((CHECKOUT / name).read_bytes())
    return whole.hexdigest()


def fetch_uv() -> None:
    """Put the uv program into .uv; its checksum stands above."""
    machine = platform.machine()
    if machine not in UV_WHEELS:
        stop(f"There is no uv for {machine} here. Install uv {UV_VERSION} as {UV} and try again.")
    wheel, checksum = UV_WHEELS[machine]
    print(f"Fetching uv {UV_VERSION} ...", flush=True)
    content = download(find_wheel(wheel))
    if hashlib.sha256(content).hexdigest() != checksum:
        stop(f"{wheel} is not the file that was expected. Check the package index and try again.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        program = archive.read(f"uv-{UV_VERSION}.data/scripts/uv")
    UV_FOLDER.mkdir(exist_ok=True)
    fresh = UV.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(program)
    fresh.chmod(0o755)
    fresh.replace(UV)


def find_wheel(wheel: str) -> str:
    """Its address in the package index, both kinds of index page understood (PEP 503, PEP 691)."""
    index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL")
    index = index or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"
    page_url = f"{index.rstrip('/')}/uv/"
    page = download(page_url).decode()
    if page.lstrip().startswith("{"):
        urls = [file["url"] for file in json.loads(page)["files"] if file["filename"] == wheel]
    else:
        urls = re.findall(rf'href="([^"#]*{re.escape(wheel)})[#"]', page)
    if not urls:
        stop(f"{page_url} does not list {wheel}. Set UV_INDEX_URL to an index that has it.")
    return urljoin(page_url, str(urls[0]))


def download(url: str) -> bytes:
    """Fetch, and try again when the network stumbles."""
    kinds = "application/vnd.pypi.simple.v1+json, text/html;q=0.5, */*;q=0.1"
    request = urllib.request.Request(url, headers={"Accept": kinds})
    context = ssl.create_default_context()
    for attempt in range(ATTEMPTS):
        try:
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:
                return bytes(answer.read())
        except OSError as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, ssl.SSLCertVerificationError):
                context = unverified()
            elif attempt == ATTEMPTS - 1 or isinstance(error, urllib.error.HTTPError):
                stop(f"{url} cannot be fetched ({reason}). Check the network, then try again.")
            time.sleep(attempt)
    stop(f"{url} cannot be fetched. Check the network, then try again.")


def unverified() -> ssl.SSLContext:
    """A bare Debian has no CA certificates. The checksum above proves the file, not the channel."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def synchronise(with_dev: bool) -> None:
    """Install what uv.lock names; with `--inexact` a run keeps what the tests had installed."""
    command = [str(UV), "sync", "--frozen", "--inexact", "--python", sys.executable]
    if not with_dev:
        command.append("--no-dev")
    if not sys.stderr.isatty():
        command.append("--quiet")
    chosen = {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT), "UV_PYTHON_DOWNLOADS": "never"}
    if SYSTEM_CERTIFICATES.exists():  # Else uv's own: a bare Debian has none, an office its own.
        chosen["UV_SYSTEM_CERTS"] = "true"
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    print("Installing Waypost into .venv ...", flush=True)
    done = subprocess.run(command, cwd=CHECKOUT, env=kept | chosen)  # noqa: S603
    if done.returncode != 0:
        stop("uv could not install everything; its message is above. Then run the same again.")


def write_stamp(with_dev: bool) -> None:
    """The mark that `is_installed` looks for."""
    stamp_file(with_dev).write_text(fingerprint())


def stop(message: str) -> NoReturn:
    """End with a message instead of a traceback."""
    print(message, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
