"""Which bodies the names of a document mean, said once for all its drafts and remembered for the next document."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.domain.vocabulary import BodyType, Role
from tracker.intake import AddresseeDraft, RecommendationDraft
from tracker.intake.names import key
from tracker.models import Body, Import, Person
from tracker.queries import people
from tracker.services import audit, bodies, body_names, import_steps
from tracker.services.bodies import Facts
from tracker.services.body_names import Name
from tracker.services.imports import at_version, under_review


@dataclass(frozen=True)
class Meant:
    """What a name means: a body of the register, or one that is new to it and takes this name."""

    slug: str = ""
    is_new: bool = False


def settle(import_id: int, meant: Mapping[str, Meant], *, version: int, by: Person, at: datetime) -> int:
    """Say which bodies names mean, by the name as written; how many drafts changed.

    A name that the register did not have becomes an alias from today, so that the next document needs no question.
    """
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        found = {name: _body(session, import_, name, one, by, at) for name, one in meant.items()}

        def named(one: AddresseeDraft) -> AddresseeDraft:
            body = found.get(one.as_written)
            if body is None or one.match in ("exact", "alias"):
                return one
            return replace(
                one, body=body.slug, match="exact", role="relay" if body.role is Role.RELAY else "implementer"
            )

        return _change(
            session, import_, by, lambda draft: replace(draft, addressees=tuple(map(named, draft.addressees)))
        )


def address(import_id: int, slug: str, *, version: int, by: Person) -> int:
    """Address every draft that has no addressee to one body; how many there were."""
    with transaction() as session:
        import_ = at_version(under_review(session, import_id, by), version)
        body = people.body_by_slug(session, slug)
        one = AddresseeDraft(
            as_written=body.name(import_.language),
            qualifier=None,
            body=body.slug,
            match="exact",
            role="relay" if body.role is Role.RELAY else "implementer",
        )
        return _change(
            session, import_, by, lambda draft: draft if draft.addressees else replace(draft, addressees=(one,))
        )


def _body(session: Session, import_: Import, name: str, meant: Meant, by: Person, at: datetime) -> Body:
    if meant.is_new:
        names = {import_.language: Name(name)}
        return bodies.put(session, Facts(BodyType.OTHER, Role.IMPLEMENTER), names, by=by, at=at)
    body = people.body_by_slug(session, meant.slug)
    if key(name) not in {key(one.name) for one in body.names}:
        body_names.put_alias(session, body, import_.language, name, clock.day_of(at))
        audit.note(session, Act.BODY_CHANGED, ("body", body.slug), by=by, at=at, what="alias")
    return body


def _change(
    session: Session, import_: Import, by: Person, change: Callable[[RecommendationDraft], RecommendationDraft]
) -> int:
    changed = 0
    with import_steps.remembered(session, import_, "addressed", by):
        for row in import_.drafts:
            before = RecommendationDraft.from_json(json.loads(row.reading))
            after = change(before)
            if after != before:
                row.reading = json.dumps(after.to_json(), ensure_ascii=False)
                changed += 1
    import_.version += 1
    return changed
