"""Which body took over from which, as pages and rules ask."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker import database
from tracker.domain.vocabulary import EntryKind
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Addressee, Body, Entry, Recommendation, Report, Succession
from tracker.queries import takeovers
from tracker.queries.people import body_by_slug
from tracker.queries.portions import portions


def of_former(session: Session, body_id: int) -> Succession | None:
    """The succession by which a body ends or ended; None where it goes on."""
    return session.scalar(select(Succession).where(Succession.former_id == body_id, Succession.taken_back_at.is_(None)))


def to(session: Session, body_id: int) -> list[Succession]:
    """The successions in which a body takes or took over, the latest first."""
    taken_over = select(Succession).where(
        Succession.taken_back_at.is_(None), Succession.successors.any(Body.id == body_id)
    )
    return list(session.scalars(taken_over.order_by(Succession.from_on.desc(), Succession.id.desc())))


@dataclass(frozen=True)
class Around:
    """What came before a body and what comes after it."""

    after: Succession | None
    before: list[Succession]
    to_assign: int
    """What waits to be given to one of several successors."""


def around(body: Body, issuer_ids: Collection[int], today: date) -> Around:
    """The successions that a body has a part in."""
    session = database.session()
    after = of_former(session, body.id)
    waits = sum(one.n for one in to_assign(issuer_ids, today) if one.former.id == body.id) if after else 0
    return Around(after, to(session, body.id), waits)


def ended(day: date) -> dict[int, Succession]:
    """The bodies that had ended on a day, by their ids, each with what came after it."""
    return {one.former_id: one for one in takeovers.due(database.session(), day)}


def mergers(session: Session) -> dict[int, int]:
    """The bodies that were found to be another one, with the id of that one."""
    found = session.scalars(select(Succession).where(Succession.is_merger, Succession.taken_back_at.is_(None)))
    return {one.former_id: one.successors[0].id for one in found}


@dataclass(frozen=True)
class Unassigned:
    """A body that was split, and how much waits for one of its successors."""

    former: Body
    n: int


def to_assign(issuer_ids: Collection[int], today: date) -> list[Unassigned]:
    """What coordinators of these issuers are still to give to one of several successors."""
    session = database.session()
    split = [one for one in takeovers.due(session, today) if one.is_split]
    counts = {
        one.former: session.scalar(_open(one, issuer_ids).with_only_columns(func.count()).order_by(None))
        for one in split
    }
    return [Unassigned(former, n) for former, n in counts.items() if n]


@dataclass(frozen=True)
class Share:
    """One addressee of a body that was split, and the slug of the successor that it was given to, if any."""

    addressee: Addressee
    body: str


def moved_back(one: Succession) -> tuple[int, int]:
    """What taking a succession back would move, and how many of it were answered since by whoever took over."""
    session = database.session()
    begun = takeovers.begun_by(session, one.uid)
    moved = takeovers.moved_by(begun, one.uid)
    since = {each.addressee_id: each.seq for each in reversed(begun) if each.addressee_id in moved}
    last = select(Entry.addressee_id, func.max(Entry.seq)).where(Entry.kind == EntryKind.ANSWERED)
    answered = 0
    for ids in portions(moved):
        of_them = session.execute(last.where(Entry.addressee_id.in_(ids)).group_by(Entry.addressee_id))
        answered += sum(seq > since[id_ or 0] for id_, seq in of_them)
    return len(moved), answered


def split(slug: str, today: date) -> Succession:
    """The body's split into several, whose day has come."""
    session = database.session()
    one = of_former(session, body_by_slug(session, slug).id)
    if one is None or not one.is_split or one.from_on > today:
        raise NotFound(_("There is nothing to share out."))
    return one


def shares(one: Succession, issuer_ids: Collection[int]) -> list[Share]:
    """What of these issuers a split concerns: what waits first, in printed order."""
    return list(shared_out(database.session(), one, issuer_ids).values())


def shared_out(session: Session, one: Succession, issuer_ids: Collection[int]) -> dict[int, Share]:
    """What of these issuers a split concerns, by the id of the addressee: what waits first, in printed order."""
    waiting = session.scalars(_open(one, issuer_ids))
    found = {addressee.id: Share(addressee, "") for addressee in waiting}
    moved = takeovers.moved_by(takeovers.begun_by(session, one.uid), one.uid)
    of_them = takeovers.addressees(session, moved)
    for id_, body in moved.items():
        if of_them[id_].recommendation.report.issuer_id in issuer_ids:
            found[id_] = Share(of_them[id_], body)
    return found


def _open(one: Succession, issuer_ids: Collection[int]) -> Select[Addressee]:
    waiting = takeovers.moving_from(one.former_id, one.from_on).join(Recommendation.report)
    return waiting.where(Report.issuer_id.in_(issuer_ids))
