"""How the document of an import is cut into drafts: one split in two, two joined, the last change taken back."""

import json
from collections.abc import Collection

from tracker.database import transaction
from tracker.errors import NotFound, Refusal
from tracker.intake import RecommendationDraft, editing
from tracker.language import _
from tracker.models import Draft, Import, ImportStep, Person
from tracker.queries import imports as of_imports
from tracker.services import import_steps, imports
from tracker.services.imports import at_version, under_review


def split(import_id: int, position: int, at: int, *, within: int = 0, version: int, by: Person) -> int:
    """Make two drafts of one, the second from line `at` on, or from inside it; the position of the second."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        draft, lines = _draft(import_, position), json.loads(import_.lines)
        if not editing.is_inside(draft, lines, at, within):
            raise Refusal(_("Choose a place inside the draft, below its beginning."))
        above, below = editing.split(draft, lines, at, of_imports.register(session), within=within)
        with import_steps.remembered(session, import_, "split", by, _title(draft)):
            _put(import_, position, above)
            new = _free_position(import_)
            session.add(Draft(import_id=import_id, position=new, reading=_json(below)))
        import_.version += 1
        return new


def join(import_id: int, upper: int, lower: int, *, version: int, by: Person) -> None:
    """Make one draft of two that follow each other; the lines between them become its own."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        above, below = _draft(import_, upper), _draft(import_, lower)
        printed = sorted(import_.drafts, key=lambda row: (_reading(row).lines, row.position))
        order = [row.position for row in printed]
        if order.index(lower) != order.index(upper) + 1:
            raise Refusal(_("Only drafts that follow each other can be joined."))
        with import_steps.remembered(session, import_, "joined", by, f"{_title(above)}, {_title(below)}"):
            _put(import_, upper, editing.join(above, below))
            session.delete(next(row for row in import_.drafts if row.position == lower))
            import_.leftover = _without_lines(import_.leftover, range(above.lines[0], below.lines[1] + 1))
        import_.version += 1


def take_back(import_id: int, *, version: int, by: Person) -> ImportStep:
    """Take back the latest change of the drafts."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        step = import_steps.take_back(session, import_)
        import_.version += 1
        return step


def _title(draft: RecommendationDraft) -> str:
    return imports.title_of(draft.to_json())


def _reading(row: Draft) -> RecommendationDraft:
    return RecommendationDraft.from_json(json.loads(row.reading))


def _json(draft: RecommendationDraft) -> str:
    return json.dumps(draft.to_json(), ensure_ascii=False)


def _draft(import_: Import, position: int) -> RecommendationDraft:
    for row in import_.drafts:
        if row.position == position:
            return _reading(row)
    raise NotFound(_("There is no such draft. It may have been left out meanwhile."))


def _put(import_: Import, position: int, draft: RecommendationDraft) -> None:
    next(row for row in import_.drafts if row.position == position).reading = _json(draft)


def _free_position(import_: Import) -> int:
    """A position that no draft has or had; where a draft stands is told by its lines."""
    dropped: list[int] = [one["position"] for one in json.loads(import_.leftover).get("dropped", ())]
    return max([*(row.position for row in import_.drafts), *dropped]) + 1


def _without_lines(leftover: str, taken: Collection[int]) -> str:
    """What is left over, without lines that a draft has now; a draft that was left out there is part of it."""
    stored = json.loads(leftover)
    stored["leftover"] = [one for one in stored["leftover"] if one["line"] not in taken]
    stored["dropped"] = [one for one in stored.get("dropped", ()) if one["draft"]["lines"][0] not in taken]
    return json.dumps(stored, ensure_ascii=False)
