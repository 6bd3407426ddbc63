"""What the pages of imports share: their blueprint, the review they are about, and the way back to it."""

from typing import Any

from flask import Blueprint, request, url_for

from tracker.queries import imports
from tracker.queries.imports import Review
from tracker.web import access

bp = Blueprint("imports", __name__, url_prefix="/imports")
DRAFT = "/<int:import_id>/drafts/<int:position>"


def review(import_id: int) -> Review:
    """An import of this coordinator's issuer; NotFound for one of others."""
    return imports.review(import_id, of_issuers=access.me().coordinates)


def seen_version() -> int:
    """The version of the import that the page showed."""
    return request.form.get("version", 0, int)


def here() -> dict[str, Any]:
    """The order and the page of the review from which something is done; part of every address on the way."""
    return {"order": request.args.get("order"), "page": request.args.get("page", type=int)}


def back(import_id: int, anchor: str | None = None) -> str:
    """The address of the review, in that order and on that page."""
    return url_for("imports.show", import_id=import_id, **here(), _anchor=anchor)
