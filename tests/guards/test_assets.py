"""What is served: vendored files are those that were fetched, and nothing asks for more than `'self'`."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "tracker" / "static"
VENDOR = STATIC / "vendor"
OURS = sorted(path for path in STATIC.iterdir() if path.is_file())
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_vendored_files_are_those_of_the_manifest() -> None:
    assert digests(VENDOR) == json.loads((VENDOR / "manifest.json").read_text())


def test_every_vendored_folder_has_a_version_and_a_licence() -> None:
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert re.fullmatch(r"[a-z-]+-\d+\.\d+\.\d+", folder.name)
        assert (folder / "LICENSE").read_text().strip()


def test_the_reserved_font_is_never_declared() -> None:
    assert not [path for path in VENDOR.rglob("*.css") if "@font-face" in path.read_text()]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_files_ask_only_for_files_that_are_there(path: Path) -> None:
    text = path.read_text()
    for wanted in re.findall(r"""url\(["']?([^"')]+)|from '([^']+)'""", text):
        assert (STATIC / next(filter(None, wanted))).is_file()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pages_hold_no_inline_style_or_script(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script\b(?![^>]*\ssrc=)", text)
    assert all((STATIC / wanted).is_file() for wanted in re.findall(r"asset\('([^']+)'\)", text))
