"""Our own files as browsers get them: under an address that changes with the content, kept for ever, text packed."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

FOR_EVER = "public, max-age=31536000, immutable"
_TEXTS = (".css", ".js", ".svg", ".json")


def register(app: Flask) -> None:
    """Serve the files of `app` so."""
    app.after_request(_as_it_travels)


def asset(name: str) -> str:
    """The address of a file of ours, which changes with its content and may therefore be kept for ever."""
    return url_for("static", filename=name, v=_digest(name))


def _as_it_travels(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code != 200:
        return response
    name = (request.view_args or {})["filename"]
    if name.startswith("vendor/") or request.args.get("v") == _digest(name):
        response.headers["Cache-Control"] = FOR_EVER
    if name.endswith(_TEXTS):
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip"):
            response.close()  # the file that would have been sent as it is
            response.direct_passthrough = False
            response.set_data(_packed(_path(name), _path(name).stat().st_mtime_ns))
            response.headers["Content-Encoding"] = "gzip"
    return response


def _path(name: str) -> Path:
    return Path(current_app.static_folder or "") / name


def _digest(name: str) -> str:
    return _digest_of(_path(name), _path(name).stat().st_mtime_ns)


@cache
def _digest_of(path: Path, changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:10]


@cache
def _packed(path: Path, changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
