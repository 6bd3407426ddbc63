"""Fills in and sends the form of a body. Several people may work on it at once; nobody's words are written over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import transaction
from tracker.domain.moves import Answer, check
from tracker.domain.typed import FIELDS
from tracker.errors import ChangedMeanwhile, Refusal
from tracker.language import _
from tracker.models import AnswerLink, SharedDraft, Submission
from tracker.queries import answer_links, reply_forms
from tracker.queries.reply_forms import Item
from tracker.services import answers, draft_answers, receipts
from tracker.settings import Settings


class WrittenMeanwhile(ChangedMeanwhile):
    """A colleague wrote on the same item after this page was opened."""


@dataclass(frozen=True)
class Signature:
    """Who answers: several people may share a mailbox."""

    name: str
    function: str

    @property
    def words(self) -> str:
        return ", ".join(part for part in (self.name, self.function) if part)


def write(
    link_id: int, addressee_id: int, fields: Mapping[str, str], *, version: int, seen: int = 0, at: datetime
) -> int:
    """Keep what stands in the fields of an item, for everybody who works on the form; its new version.

    `seen` is the position of the latest entry on its timeline that the page showed, where there was one.
    """
    typed = {name: fields[name] for name in FIELDS if name in fields}
    draft_answers.must_fit(typed)
    return _keep(link_id, addressee_id, version, at, fields=typed, seen=seen)


def confirm(link_id: int, addressee_id: int, *, version: int, at: datetime) -> int:
    """Nothing has changed since the last answer: it will be said again as exactly that."""
    return _keep(link_id, addressee_id, version, at, is_unchanged=True)


def undo(link_id: int, addressee_id: int, *, version: int, at: datetime) -> int:
    """Say nothing on an item yet: a confirmation is taken back, what was written is thrown away."""
    return _keep(link_id, addressee_id, version, at)


def _keep(
    link_id: int,
    addressee_id: int,
    version: int,
    at: datetime,
    *,
    is_unchanged: bool = False,
    fields: dict[str, str] | None = None,
    seen: int = 0,
) -> int:
    with transaction() as session:
        link = answer_links.working(session, link_id, at=at)
        item = reply_forms.item(link, addressee_id, clock.day_of(at))
        if is_unchanged and not item.may_confirm:
            raise Refusal(_("Answer this one in words: there is a question, or no earlier answer to confirm."))
        draft = item.draft
        if item.version != version:
            if draft and (draft.is_unchanged, draft.fields) == (is_unchanged, fields):
                return draft.version  # the second of two clicks, or a colleague who says the same
            raise WrittenMeanwhile(_("A colleague wrote here meanwhile. Nothing of yours is lost: compare both."))
        return _put(session, item, link, at, is_unchanged, fields, seen)


def _put(
    session: Session,
    item: Item,
    link: AnswerLink,
    at: datetime,
    is_unchanged: bool,
    fields: dict[str, str] | None,
    seen: int = 0,
) -> int:
    begun_at = item.draft.seen if item.draft and item.draft.is_begun else 0 if seen else item.position
    draft = SharedDraft(
        addressee_id=item.id,
        version=item.version + 1,
        is_unchanged=is_unchanged,
        fields=json.dumps(fields, ensure_ascii=False) if fields is not None else None,
        seen=min(max(begun_at, seen), item.position),
        saved_at=at,
        saved_by_id=link.person_id,
    )
    if item.draft is None:
        session.add(draft)  # writers take turns: nobody has added it meanwhile
    else:
        session.merge(draft)
    return item.version + 1


def send(
    link_id: int, versions: Mapping[int, int], signature: Signature, once: str, *, at: datetime, settings: Settings
) -> int:
    """Send what the page listed, all or nothing, with a receipt to the focal points; the id of the submission.

    `versions` has the version that the page showed of each item; `once` was made with the page.
    """
    if not signature.name:
        raise Refusal(_("Say who answers: your name and function."))
    with transaction() as session:
        link = answer_links.working(session, link_id, at=at)
        before = session.scalar(select(Submission).where(Submission.uid == once))
        if before is not None and before.answer_link_id == link.id:
            return before.id
        found = {item.id: item for item in reply_forms.items(link, clock.day_of(at))}
        listed = [_as_listed(found.get(addressee_id), version) for addressee_id, version in versions.items()]
        if not listed:
            raise Refusal(_("There is nothing to send yet. Answer at least one recommendation."))
        said = [(item.row.addressee, _checked(item, signature, at)) for item in listed]
        added = answers.put(session, said, by=link.person, at=at)
        for item in listed:
            _put(session, item, link, at, is_unchanged=False, fields=None)
        seqs = json.dumps([entry.seq for entry in added])
        submission = Submission(uid=once, answer_link_id=link.id, sent_at=at, entries=seqs)
        session.add(submission)
        session.flush()
        receipts.write(session, link, submission, at=at, settings=settings)
        return submission.id


def _as_listed(item: Item | None, version: int) -> Item:
    """An item as the page listed it: nothing was written on it, by a colleague or on its timeline, since."""
    if item is None or not item.is_begun or item.version != version or item.newer:
        raise WrittenMeanwhile(_("Something was written meanwhile. Look through the list again, then send it."))
    return item


def _checked(item: Item, signature: Signature, at: datetime) -> Answer:
    check(item.problems(clock.day_of(at)))
    assert item.answer is not None  # noqa: S101  # it is begun
    return replace(item.answer, answered_by=signature.words)


@dataclass(frozen=True)
class Taken:
    """What a row of a spreadsheet says, as its writer wants it in the draft."""

    version: int
    """Of the draft that the page showed beside it."""
    is_unchanged: bool
    fields: dict[str, str]


def take_over(link_id: int, taken: Mapping[int, Taken], *, at: datetime) -> int:
    """Put rows of a spreadsheet into the draft, by addressee: all of them, or none; how many."""
    with transaction() as session:
        link = answer_links.working(session, link_id, at=at)
        items = {item.id: item for item in reply_forms.items(link, clock.day_of(at))}
        for addressee_id, one in taken.items():
            item = items.get(addressee_id)
            if item is None or item.version != one.version:
                raise WrittenMeanwhile(_("Something was written meanwhile. Choose the file again and compare."))
            draft_answers.must_fit(one.fields)
            _put(session, item, link, at, one.is_unchanged, None if one.is_unchanged else one.fields)
        return len(taken)
