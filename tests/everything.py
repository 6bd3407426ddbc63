"""`make test`: style, types and architecture beside every test, with a browser where one can be had."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHECKS = (
    ("style", [BIN / "ruff", "check", "."]),
    ("format", [BIN / "ruff", "format", "--check", "."]),
    ("types", [BIN / "mypy"]),
    ("architecture", [BIN / "lint-imports", "--no-logo"]),
)
TESTS = [BIN / "pytest", "-n", "2", "--dist", "loadgroup", "-q"]


def main() -> None:
    """Run everything, also after something failed, and say what did."""
    _have_a_browser()
    with ThreadPoolExecutor() as beside:
        checks = beside.submit(lambda: [name for name, command in CHECKS if not _passes(name, command)])
        tests = [] if _passes("tests", TESTS, is_told_at_once=True) else ["tests"]
    failed = checks.result() + tests
    sys.exit(f"Failed: {', '.join(failed)}." if failed else 0)


def _passes(name: str, command: list[str | Path], *, is_told_at_once: bool = False) -> bool:
    begun = time.monotonic()
    output = None if is_told_at_once else subprocess.PIPE
    result = subprocess.run(command, cwd=HERE, check=False, stdout=output, stderr=subprocess.STDOUT, text=True)
    verdict = "passed" if result.returncode == 0 else "FAILED"
    print(f"{result.stdout or ''}== {name}: {verdict} in {time.monotonic() - begun:.0f} s", flush=True)
    return result.returncode == 0


def _have_a_browser() -> None:
    """Install Chromium where we may; without one the journeys fail in CI and are skipped loudly elsewhere."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("== installing Chromium for the journeys", flush=True)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "check": False,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        subprocess.run(["apt-get", "update", "-q"], **quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"], **quiet
        )
    if not any(shutil.which(name) for name in BROWSERS):
        print("== NO CHROMIUM: the journeys in a real browser are skipped. Install it to run them.", flush=True)


if __name__ == "__main__":
    main()
