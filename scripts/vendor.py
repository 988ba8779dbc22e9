"""Fetch the vendored browser files with npm and write them down in SOURCES.toml.

Only needed to change a version or to add an icon: running and testing Waypost need no Node.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "waypost/web/static/vendor"
FOR_TESTS = ROOT / "tests/browser/vendor"
TEMPLATES = ROOT / "waypost/web"


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at one exact version."""

    name: str
    version: str
    licence: str


TABLER = Package("@tabler/core", "1.6.1", "MIT")
ICONS = Package("@tabler/icons", "3.51.0", "MIT")
SORTABLE = Package("sortablejs", "1.15.6", "MIT")
AXE = Package("axe-core", "4.14.1", "MPL-2.0")


def main() -> None:
    """Write every vendored file afresh."""
    with tempfile.TemporaryDirectory() as scratch:
        write_tabler(unpack(TABLER, Path(scratch)))
        write_icons(unpack(ICONS, Path(scratch)))
        write_sortable(unpack(SORTABLE, Path(scratch)))
        write_axe(unpack(AXE, Path(scratch)))
    write_sources(SHIPPED, {"tabler": TABLER, "icons": ICONS, "sortable": SORTABLE})
    write_sources(FOR_TESTS, {"axe": AXE})


def unpack(package: Package, scratch: Path) -> Path:
    """The package's files, as published."""
    npm = shutil.which("npm") or sys.exit("npm is missing. Install Node.js 20 and run this again.")
    folder = scratch / package.name.replace("/", "-")
    folder.mkdir()
    wanted = f"{package.name}@{package.version}"
    packed = subprocess.run(  # noqa: S603 - the arguments are the constants above
        [npm, "pack", "--silent", wanted], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def write_tabler(package: Path) -> None:
    """Tabler's CSS, put into a cascade layer so that our own always wins without specificity."""
    css = (package / "dist/css/tabler.min.css").read_text()
    css = css.removeprefix('@charset "UTF-8";').removeprefix("\ufeff")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    save(SHIPPED / "tabler/tabler.min.css", "@layer tabler{" + css.strip() + "}\n")


def write_icons(package: Path) -> None:
    """One sprite of the icons that our templates and code name."""
    symbols = [symbol(package, name) for name in icon_names()]
    head = '<svg xmlns="http://www.w3.org/2000/svg">\n'
    save(SHIPPED / "icons/sprite.svg", head + "".join(symbols) + "</svg>\n")
    shutil.copy(package / "LICENSE", SHIPPED / "icons/LICENSE")


def write_sortable(package: Path) -> None:
    """Dragging of list entries, for the one element that offers it."""
    save(SHIPPED / "sortable/sortable.min.js", (package / "Sortable.min.js").read_text())
    shutil.copy(package / "LICENSE", SHIPPED / "sortable/LICENSE")


def icon_names() -> list[str]:
    """Every icon drawn with `{% icon "name" %}` or named by `icon="name"` in Python."""
    drawn = re.compile(r"""{%\s*icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
    sources = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.py")]
    found = {a or b for source in sources for a, b in drawn.findall(source.read_text())}
    return sorted(found)


def symbol(package: Path, name: str) -> str:
    """The icon's drawing as a symbol of the sprite."""
    drawing = (package / f"icons/outline/{name}.svg").read_text()
    paths = re.findall(r"<(?:path|circle|rect|line)[^>]*/>", drawing)
    shapes = "".join(path for path in paths if 'stroke="none"' not in path)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def write_axe(package: Path) -> None:
    """The accessibility checker of the browser tests."""
    (FOR_TESTS / "axe").mkdir(parents=True, exist_ok=True)
    shutil.copy(package / "axe.min.js", FOR_TESTS / "axe/axe.min.js")


def save(path: Path, text: str) -> None:
    """Write a text, and beside it the compressed form that WhiteNoise serves."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    compressed = gzip.compress(text.encode(), 9, mtime=0)
    path.with_name(path.name + ".gz").write_bytes(compressed)


def write_sources(folder: Path, packages: dict[str, Package]) -> None:
    """SOURCES.toml: what each file is, and its sum."""
    lines = ["# Written by `make vendor`. Do not edit the files named here.\n"]
    for subfolder, package in packages.items():
        for path in sorted((folder / subfolder).iterdir()):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            lines += [
                "\n[[file]]\n",
                f'path = "{path.relative_to(folder).as_posix()}"\n',
                f'name = "{package.name}"\n',
                f'version = "{package.version}"\n',
                f'licence = "{package.licence}"\n',
                f'sha256 = "{digest}"\n',
            ]
    (folder / "SOURCES.toml").write_text("".join(lines))


if __name__ == "__main__":
    main()
