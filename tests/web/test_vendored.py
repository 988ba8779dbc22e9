"""Nothing comes from another host, and what is vendored is what it says."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "waypost/web/static"
FOLDERS = (STATIC / "vendor", ROOT / "tests/browser/vendor")
OURS = [
    path
    for folder in (ROOT / "waypost/web", ROOT / "waypost/sandbox")
    for path in folder.rglob("*")
    if path.suffix in (".html", ".js", ".css") and "vendor" not in path.parts
]
FROM_ELSEWHERE = re.compile(
    r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["']?(?:https?:)?//|"""
    r"""(?:@import|url\()\s*["']?(?:https?:)?//|(?:import|from|fetch\()\s*["'](?:https?:)?//"""
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:")
FIRST_LOAD_BYTES = 120_000


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_the_ones_written_down(folder: Path) -> None:
    listed = tomllib.loads((folder / "SOURCES.toml").read_text())["file"]

    sums = {one["path"]: one["sha256"] for one in listed}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SOURCES.toml"
    }

    assert found == sums


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_is_loaded_from_another_host_or_written_inline(path: Path) -> None:
    text = path.read_text()

    assert not FROM_ELSEWHERE.search(text)
    assert path.suffix != ".html" or not INLINE.search(text)


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    drawn = re.compile(r"""{%\s*icon "([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
    sprite = (STATIC / "vendor/icons/sprite.svg").read_text()
    held = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    web = ROOT / "waypost/web"

    sources = [*web.rglob("*.html"), *web.rglob("*.py")]
    named = {a or b for source in sources for a, b in drawn.findall(source.read_text())}

    assert named == held


@pytest.mark.parametrize("path", [*STATIC.glob("vendor/*/*.gz")], ids=lambda path: path.name)
def test_compressed_files_hold_the_same(path: Path) -> None:
    assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_the_customer_s_page_is_light_at_first_load() -> None:
    names = ["css/tokens.css", "css/shell.css", "css/fields.css", "css/public.css", "logo.svg"]
    plain = [STATIC / name for name in [*names, "elements/live-part.js"]]
    compressed = [*STATIC.glob("vendor/tabler/*.gz"), *STATIC.glob("vendor/icons/*.gz")]

    size = sum(path.stat().st_size for path in [*plain, *compressed])

    assert size < FIRST_LOAD_BYTES
