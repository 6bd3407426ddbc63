"""What a person began to write, read: never anybody else's."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker import database
from tracker.models import DraftAnswer


@dataclass(frozen=True)
class Begun:
    """An unsent form as its page needs it."""

    fields: dict[str, str]
    seen: int
    saved_at: datetime


def begun(person_id: int, addressee_id: int, form: str) -> Begun | None:
    """What this person began to write in one form about an addressee."""
    found = database.session().get(DraftAnswer, (person_id, addressee_id, form))
    return Begun(dict(json.loads(found.fields)), found.seen, found.saved_at) if found else None


def saved_at(person_id: int, addressee_ids: Collection[int], form: str) -> dict[int, datetime]:
    """When this person's drafts about these addressees were saved."""
    of_person = select(DraftAnswer.addressee_id, DraftAnswer.saved_at).where(
        DraftAnswer.person_id == person_id, DraftAnswer.form == form
    )
    wanted = set(addressee_ids)
    return {key: at for key, at in database.session().execute(of_person) if key in wanted}
