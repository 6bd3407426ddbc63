"""Changes of an import under review are remembered as they were before, and taken back one by one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Draft, Import, ImportStep, Person

KEPT = 50
"""The latest steps of an import; what was done before them stays."""


@contextmanager
def remembered(session: Session, import_: Import, what: str, by: Person | None, about: str = "") -> Iterator[None]:
    """Whatever is done to the drafts and lines of an import inside can be taken back."""
    before, leftover = _readings(session, import_), import_.leftover
    yield
    session.flush()
    after = _readings(session, import_)
    changed = {
        position: before.get(position)
        for position in before.keys() | after.keys()
        if before.get(position) != after.get(position)
    }
    if not changed and leftover == import_.leftover:
        return
    kept = {"drafts": changed, "leftover": leftover if leftover != import_.leftover else None}
    session.add(
        ImportStep(
            import_id=import_.id,
            what=what,
            about=about[:100],
            before=json.dumps(kept, ensure_ascii=False),
            at=clock.wall(),
            by_id=by.id if by else None,
        )
    )
    _forget_old(session, import_)


def _readings(session: Session, import_: Import) -> dict[int, str]:
    rows = session.execute(select(Draft.position, Draft.reading).where(Draft.import_id == import_.id))
    return {row.position: row.reading for row in rows}


def _forget_old(session: Session, import_: Import) -> None:
    session.flush()
    steps = select(ImportStep.id).filter_by(import_id=import_.id).order_by(ImportStep.id.desc())
    old = session.scalars(steps.offset(KEPT)).all()
    session.execute(delete(ImportStep).where(ImportStep.id.in_(old)))


def take_back(session: Session, import_: Import) -> ImportStep:
    """Undo the latest step; it is forgotten."""
    step = session.scalar(select(ImportStep).filter_by(import_id=import_.id).order_by(ImportStep.id.desc()).limit(1))
    if step is None:
        raise NotFound(_("There is no change left that could be taken back."))
    before = json.loads(step.before)
    positions = [int(position) for position in before["drafts"]]
    session.execute(delete(Draft).where(Draft.import_id == import_.id, Draft.position.in_(positions)))
    session.expire(import_, ["drafts"])
    for position, reading in before["drafts"].items():
        if reading is not None:
            session.add(Draft(import_id=import_.id, position=int(position), reading=reading))
    if before["leftover"] is not None:
        import_.leftover = before["leftover"]
    session.delete(step)
    return step


def forget(session: Session, import_: Import) -> None:
    """No step of an import can be taken back any more: it was read anew, or accepted."""
    session.execute(delete(ImportStep).where(ImportStep.import_id == import_.id))
