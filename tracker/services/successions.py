"""Bodies that end: one takes over, several do, or the register held one body twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker import clock, database
from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.errors import ChangedMeanwhile, NotAllowed, NotFound, Refusal
from tracker.language import _, current, day
from tracker.models import Addressee, Body, Person, Succession
from tracker.queries import people, succession_previews, successions
from tracker.queries import takeovers as of_takeovers
from tracker.queries.succession_previews import Preview
from tracker.queries.takeovers import Wanted
from tracker.services import audit, mergers, takeovers

AT_MOST = 6
"""Successors of one body."""


def may_end(slug: str, *, by: Person) -> None:
    """Refuse who may not say that a body ends."""
    session = database.session()
    must_be_theirs(session, people.body_by_slug(session, slug), by)


def look(
    slug: str, successors: Collection[str], from_on: date, *, is_merger: bool, by: Person, at: datetime
) -> Preview:
    """What would move, before anybody confirms it; refused as confirming it would be."""
    session = database.session()
    former = people.body_by_slug(session, slug)
    followers = [people.body_by_slug(session, one) for one in dict.fromkeys(successors)]
    must_be_theirs(session, former, by)
    check(session, former, followers, from_on)
    today = clock.day_of(at)
    return succession_previews.of_succession(session, former, followers, from_on, today, is_merger=is_merger)


def enter(slug: str, successors: Collection[str], from_on: date, *, seen: str, by: Person, at: datetime) -> Succession:
    """Have a body end on a day, and one body, or each of several, take over what is open then.

    `seen` is the fingerprint of the preview. Of a day to come, the worker moves what is open when it comes.
    """
    with transaction() as session:
        former = people.body_by_slug(session, slug)
        followers = [people.body_by_slug(session, one) for one in dict.fromkeys(successors)]
        one = _record(session, former, followers, from_on, is_merger=False, seen=seen, by=by, at=at)
        facts = {"from_on": from_on, "n": len(followers)}
        audit.note(session, Act.BODY_ENDED, ("body", slug), by=by, at=at, **facts)  # type: ignore[arg-type]
        takeovers.settle(session, by=by, at=at)
        return one


def merge(slug: str, into: str, *, seen: str, by: Person, at: datetime) -> Succession:
    """Have a body that the register held twice be the other one from today, with all that it has."""
    with transaction() as session:
        former, kept = people.body_by_slug(session, slug), people.body_by_slug(session, into)
        today = clock.day_of(at)
        one = _record(session, former, [kept], today, is_merger=True, seen=seen, by=by, at=at)
        audit.note(session, Act.BODY_MERGED, ("body", slug), by=by, at=at, into=into)
        mergers.move_people(session, former, kept, today, by=by)
        takeovers.settle(session, by=by, at=at)
        return one


def _record(
    session: Session,
    former: Body,
    successors: Sequence[Body],
    from_on: date,
    *,
    is_merger: bool,
    seen: str,
    by: Person,
    at: datetime,
) -> Succession:
    must_be_theirs(session, former, by)
    check(session, former, successors, from_on)
    preview = succession_previews.of_succession(
        session, former, successors, from_on, clock.day_of(at), is_merger=is_merger
    )
    if preview.seen != seen:
        raise ChangedMeanwhile(_("Something changed while you were reading. Look again at what moves, then confirm."))
    row = Succession(former=former, from_on=from_on, is_merger=is_merger, recorded_at=at, recorded_by_id=by.id)
    row.successors = list(successors)
    session.add(row)
    session.flush()
    return row


def must_be_theirs(session: Session, body: Body, by: Person) -> None:
    """Whoever ends a body answers for all that it was asked; an administrator for the installation."""
    _must_answer_for(of_takeovers.all_of(session, body.id), body, by)


def _must_answer_for(asked: Iterable[Addressee], body: Body, by: Person) -> None:
    issuers = {one.recommendation.report.issuer_id for one in asked}
    if not by.is_admin and not issuers <= people.rights(by).coordinates:
        raise NotAllowed(
            _("Another issuer has recommendations to %(body)s too. Ask an administrator.", body=body.name(current()))
        )


def check(session: Session, former: Body, successors: Sequence[Body], from_on: date) -> None:
    """Refuse what cannot be: a body that ended before, or that would take over from itself, or days in disorder."""
    ended = successions.of_former(session, former.id)
    if ended is not None:
        told = _("%(body)s was succeeded already, from %(day)s.", body=former.name(current()), day=day(ended.from_on))
        raise Refusal(f"{told} {_('Take that back first.')}")
    if not 0 < len(successors) <= AT_MOST:
        raise Refusal(_("Choose the body that takes over, or up to six where it is split."))
    for earlier in successions.to(session, former.id):
        if earlier.from_on >= from_on:
            raise Refusal(
                _(
                    "%(former)s begins to take over from %(body)s on %(day)s. Choose a later day.",
                    former=former.name(current()),
                    body=earlier.former.name(current()),
                    day=day(earlier.from_on),
                )
            )
    for one in successors:
        _check_successor(session, former, one, from_on)


def _check_successor(session: Session, former: Body, successor: Body, from_on: date) -> None:
    """A successor is another body that goes on beyond the day; days that only grow never lead back."""
    if successor.id == former.id:
        raise Refusal(_("A body cannot take over from itself. Choose another one."))
    later = successions.of_former(session, successor.id)
    if later is not None and later.from_on <= from_on:
        raise Refusal(
            _(
                "%(body)s has ended itself on %(day)s. Choose the body that took over from it.",
                body=successor.name(current()),
                day=day(later.from_on),
            )
        )


def assign(slug: str, chosen: Mapping[int, str], *, by: Person, at: datetime) -> int:
    """Say which of several successors takes over each of these addressees, by their ids; how many moved.

    One that was given to another successor before goes to this one from the same day.
    """
    with transaction() as session:
        former, today = people.body_by_slug(session, slug), clock.day_of(at)
        split = successions.of_former(session, former.id)
        if split is None or not split.is_split or split.from_on > today:
            raise NotFound(_("There is nothing to share out."))
        bodies = {one.slug: one for one in split.successors}
        given = successions.shared_out(session, split, people.rights(by).coordinates)
        if not chosen.keys() <= given.keys() or not set(chosen.values()) <= bodies.keys():
            raise NotFound(_("There is no such recommendation."))
        moving = [id_ for id_, body in chosen.items() if given[id_].body != body]
        takeovers.take_back(session, split.uid, by=by, at=at, only=moving)
        wanted = [
            Wanted(given[id_].addressee, bodies[chosen[id_]], split.from_on, succession=split.uid) for id_ in moving
        ]
        takeovers.write(session, wanted, by=by, at=at)
        takeovers.settle(session, by=by, at=at)
        if moving:
            audit.note(session, Act.BODY_SHARED_OUT, ("body", slug), by=by, at=at, n=len(moving))
        return len(moving)


def may_take_back(slug: str, *, by: Person) -> Succession:
    """The succession of a body that this person may take back."""
    session = database.session()
    former = people.body_by_slug(session, slug)
    one, moved = _to_take_back(session, former)
    _must_answer_for(of_takeovers.addressees(session, moved).values(), former, by)
    return one


def take_back(slug: str, *, by: Person, at: datetime) -> int:
    """Have a succession that was entered by mistake never have been; how many addressees it had moved.

    Entries stay on their timelines, each with one that takes it back; answers given meanwhile stay and count.
    """
    with transaction() as session:
        former = people.body_by_slug(session, slug)
        one, moved = _to_take_back(session, former)
        _must_answer_for(of_takeovers.addressees(session, moved).values(), former, by)
        takeovers.take_back(session, one.uid, by=by, at=at)
        one.taken_back_at, one.taken_back_by_id = at, by.id
        session.flush()
        if one.is_merger:
            mergers.move_people_back(session, one, clock.day_of(at), by=by)
        audit.note(session, Act.SUCCESSION_TAKEN_BACK, ("body", slug), by=by, at=at, n=len(moved))
        takeovers.settle(session, by=by, at=at)
        return len(moved)


def _to_take_back(session: Session, former: Body) -> tuple[Succession, Collection[int]]:
    """The succession of a body, and the addressees that it moved."""
    one = successions.of_former(session, former.id)
    if one is None:
        raise NotFound(_("There is nothing to take back. It may have been done meanwhile."))
    return one, of_takeovers.moved_by(of_takeovers.begun_by(session, one.uid), one.uid)
