"""What the operator may set, read once from the environment and `<data>/secrets`.

Every name is documented in `docs/how-to/configure.md`. Keys are created on the first start and kept
in one file (mode 0600) unless the environment gives them; a key variable may hold a comma-separated
ring, newest first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_NAMES = ("WAYPOST_SECRET_KEY", "WAYPOST_CREDENTIAL_KEY", "WAYPOST_LINK_KEY", "WAYPOST_CODE_KEY")
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Environment:
    """The operator's choices, with the defaults of `make run`."""

    data: Path
    database_url: str | None
    public_url: str
    port: int
    is_sandbox: bool
    is_debug: bool
    api_requests_per_minute: int
    trusted_proxies: int
    allow_addresses: tuple[str, ...]
    origin_map: dict[str, str]
    keys: dict[str, tuple[str, ...]]


def data_folder() -> Path:
    """Where everything durable of this checkout lies; `WAYPOST_DATA` overrides."""
    override = os.environ.get("WAYPOST_DATA")
    if override:
        return Path(override)
    name = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/var/lib/waypost") / name
    return Path.home() / ".local/share/waypost" / name


def read_environment() -> Environment:
    """Read every setting; creates the data folder and missing keys."""
    data = data_folder()
    port = int(os.environ.get("WAYPOST_PORT", "8000"))
    return Environment(
        data=data,
        database_url=os.environ.get("DATABASE_URL") or None,
        public_url=os.environ.get("WAYPOST_PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        port=port,
        is_sandbox=os.environ.get("WAYPOST_SANDBOX", "0") == "1",
        is_debug=os.environ.get("WAYPOST_DEBUG", "0") == "1",
        api_requests_per_minute=int(os.environ.get("WAYPOST_API_REQUESTS_PER_MINUTE", "6000")),
        trusted_proxies=int(os.environ.get("WAYPOST_TRUSTED_PROXIES", "0")),
        allow_addresses=read_allowances(os.environ.get("WAYPOST_ALLOW_ADDRESSES", "")),
        origin_map=read_origin_map(os.environ.get("WAYPOST_ORIGIN_MAP", "")),
        keys=read_keys(data / "secrets"),
    )


def read_allowances(written: str) -> tuple[str, ...]:
    """What calls may reach beside the open internet: networks, host names or origins, by commas.

    `*` opens every private address but those where clouds hand out credentials.
    """
    return tuple(entry.strip() for entry in written.split(",") if entry.strip())


def read_origin_map(written: str) -> dict[str, str]:
    """Where calls to an origin really go: `https://a.example=http://10.0.0.4:8000`, by commas."""
    pairs = [pair.partition("=") for pair in written.split(",") if pair.strip()]
    if not all(printed.strip() and real.strip() for printed, _, real in pairs):
        raise ValueError("WAYPOST_ORIGIN_MAP must read https://printed=https://real, by commas.")
    return {printed.strip(): real.strip() for printed, _, real in pairs}


def read_keys(path: Path) -> dict[str, tuple[str, ...]]:
    """The key rings by name: the environment first, then the file, else made now and kept there."""
    kept = _read_file(path)
    missing = [name for name in KEY_NAMES if name not in os.environ and name not in kept]
    if missing:
        kept = _write_missing(path, missing)
    rings = {name: os.environ.get(name) or kept[name] for name in KEY_NAMES}
    return {name: tuple(ring.split(",")) for name, ring in rings.items()}


def derived_token(key: str, purpose: str) -> str:
    """A token that follows from a key, so that it need not be kept."""
    return hmac.new(base64.urlsafe_b64decode(key), purpose.encode(), hashlib.sha256).hexdigest()


def _read_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write_missing(path: Path, missing: list[str]) -> dict[str, str]:
    """Add the missing keys. Two first starts at once agree: the file is linked into place only if
    absent.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = _read_file(path) | {name: _new_key() for name in missing}
    fresh = path.with_name(f"secrets.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{name}={value}\n" for name, value in keys.items()))
    try:
        if path.exists():
            fresh.replace(path)
        else:
            os.link(fresh, path)
    except FileExistsError:
        return _read_file(path)
    finally:
        fresh.unlink(missing_ok=True)
    return keys


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
