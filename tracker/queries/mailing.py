"""How mail is doing: what leaves next, what did not arrive, and whether the worker and the mail server live."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker import clock, database, language
from tracker.domain import reminders as planner
from tracker.language import N_, _
from tracker.models import AddressState, Body, Installation, OutgoingMail, Person, Tick
from tracker.queries import concerned, ledger
from tracker.queries import reminders as queries
from tracker.queries.ladders import Ladders
from tracker.queries.policies import ByIssuer

TROUBLES_FOR = timedelta(days=60)
PHASES = {
    "connect": N_("The mail server cannot be reached."),
    "hello": N_("The mail server does not answer as one."),
    "tls": N_("The mail server did not prove who it is, so nothing was sent."),
    "login": N_("The mail server refuses our user name or password."),
    "from": N_("The mail server does not take mail from our address."),
}


@dataclass(frozen=True)
class Next:
    """One mail of the next mailing, or reminders that will not become one."""

    person: Person | None
    bodies: tuple[str, ...]
    codes: tuple[str, ...]
    step: str
    """What it is, in words."""
    due_on: date
    """The oldest due date among its items."""
    days_late: int
    why: str
    """Why nothing is sent, in words; empty for a mail."""
    reason: str = ""
    """The same as a code."""
    slug: str = ""
    """Of its body, or of the first of them."""


@dataclass(frozen=True)
class Mailing:
    """What will be decided at one moment."""

    at: datetime
    mails: tuple[Next, ...]
    skipped: tuple[Next, ...]

    @property
    def recommendations(self) -> int:
        """How many recommendations the mails are about."""
        return sum(len(one.codes) for one in self.mails)


def mailings(
    now: datetime,
    timezone: str,
    *,
    issuer_ids: concerned.Issuers = None,
    limit: int = 3,
    policies: ByIssuer | None = None,
) -> list[Mailing]:
    """What leaves at the next moments at which a step falls due, if nothing is answered and nobody changes.

    By `policies` that are supposed, or by those that hold.
    """
    session = database.session()
    ladders = queries.ladders(session, now, timezone, concerned.narrowed(session, issuer_ids), policies)
    likes = [one.like for one in ladders.open]
    keys, written = set[str](), dict[int, date]()
    found = _plan(session, now, ladders, ladders.undecided(session, now), keys, written, policies).by_day(now, timezone)
    at, told = now, list[Mailing]()
    while len(told) < limit and (moment := _next_moment(found, at, timezone, likes)):
        # What is due already is decided by then: only what the moment itself adds is of interest.
        keys |= {one.key for one in (*found.planned, *found.superseded, *found.skipped) if one.is_final}
        written |= {one.person: clock.day_of(at) for one in found.planned if one.person}
        waiting = {one.expected.id for one in found.skipped if not one.is_final}
        due = ladders.at(session, moment) | waiting
        at, found = moment, _plan(session, moment, ladders, due, keys, written, policies).by_day(moment, timezone)
        day = clock.day_of(moment)
        mailing = Mailing(moment, _nexts(session, found.planned, day), _nexts(session, found.skipped, day))
        if mailing.mails or mailing.skipped:
            told.append(mailing)
    return told


def due_now(now: datetime, timezone: str, *, issuer_ids: concerned.Issuers = None) -> Mailing:
    """What is due and not decided: all that waits for a release, or for the next minute of the worker."""
    session = database.session()
    ladders = queries.ladders(session, now, timezone, concerned.narrowed(session, issuer_ids))
    found = _plan(session, now, ladders, ladders.undecided(session, now), set(), {})
    day = clock.day_of(now)
    skipped = [one for one in found.skipped if one.why != "quiet"]
    return Mailing(now, _nexts(session, found.planned, day), _nexts(session, skipped, day))


def _plan(
    session: Session,
    at: datetime,
    ladders: Ladders,
    replies: set[int],
    keys: set[str],
    written: dict[int, date],
    policies: ByIssuer | None = None,
) -> planner.Plan:
    """What these replies decide at a moment, beside the `keys` and digests that are supposed until then."""
    expected = queries.expected(session, ladders.today, replies, policies)
    people = {person for one in expected for person in one.recipients}
    last = queries.last_digests(session, at, people) | written
    return planner.plan(at, ladders.timezone, expected, keys | queries.decided(session, replies), last)


def _next_moment(
    found: planner.Plan, at: datetime, timezone: str, replies: Sequence[planner.Expected]
) -> datetime | None:
    """When the next step falls due, or what waits for a morning is told, such as to those who got a mail already."""
    waiting = (one for one in found.skipped if not one.is_final)
    rest = {planner.next_sending(at, policy, timezone) for policy in {one.expected.policy for one in waiting}}
    step = planner.next_moment(at, timezone, replies)
    return min(rest | ({step} if step else set()), default=None)


def _nexts(session: Session, decisions: Sequence[planner.Decision], day: date) -> tuple[Next, ...]:
    people = queries.people(session, [one.person for one in decisions if one.person])
    slugs = {one.expected.body for one in decisions}
    names = {
        body.slug: body.name(language.current()) for body in session.scalars(select(Body).where(Body.slug.in_(slugs)))
    }
    together: dict[tuple[object, ...], list[planner.Decision]] = defaultdict(list)
    for one in decisions:
        together[(one.person, "") if not one.why else (one.person, one.expected.body, one.why)].append(one)
    found = [_next(ones, people, names, day) for ones in together.values()]
    return tuple(sorted(found, key=lambda one: (-one.days_late, [language.order_of(body) for body in one.bodies])))


def _next(ones: list[planner.Decision], people: dict[int, Person], names: dict[str, str], day: date) -> Next:
    oldest = min(ones, key=lambda one: one.expected.due_on)
    return Next(
        people.get(ones[0].person or 0),
        tuple(sorted({names[one.expected.body] for one in ones}, key=language.order_of)),
        tuple(sorted({one.expected.code for one in ones})),
        ledger.step_label(oldest.step.name),
        oldest.expected.due_on,
        max(0, (day - oldest.expected.due_on).days),
        _(ledger.REASONS[oldest.why]) if oldest.why else "",
        oldest.why or "",
        oldest.expected.body,
    )


def queued() -> int:
    """How many mails, codes aside, are written and wait to be handed over."""
    waiting = select(func.count(OutgoingMail.id)).where(OutgoingMail.state == "queued", OutgoingMail.kind != "code")
    return database.session().scalar(waiting) or 0


def refusal(address: str) -> AddressState | None:
    """How an address was refused for good; None where it was not."""
    found = database.session().get(AddressState, address)
    return found if found and found.suppressed_at else None


@dataclass(frozen=True)
class Trouble:
    """A mail that did not arrive, or may not have."""

    mail_id: int
    recipient: str
    at: datetime
    sentence: str


def troubles(
    session: Session | None = None, *, since: datetime | None = None, issuer_ids: concerned.Issuers = None
) -> list[Trouble]:
    """Mails that failed or are held in doubt and that nobody has dealt with, the latest first."""
    session = session or database.session()
    since = since or clock.now() - TROUBLES_FOR
    is_open = or_(OutgoingMail.state == "failed", (OutgoingMail.state == "held") & (OutgoingMail.why == "uncertain"))
    is_theirs = concerned.mail(concerned.narrowed(session, issuer_ids))
    mails = select(OutgoingMail).where(is_open, is_theirs, OutgoingMail.kind != "code", OutgoingMail.created_at > since)
    return [
        Trouble(row.mail.id, row.mail.recipient, row.at, row.reason)
        for row in ledger.rows_of(session.scalars(mails.order_by(OutgoingMail.id.desc()).limit(100)))
        if row.mail is not None
    ]


@dataclass(frozen=True)
class Health:
    """What the banner and the probes say about mail."""

    is_held: bool
    released_at: datetime | None
    paused_until: datetime | None
    pause: str
    """Why nothing is sent just now, in words; empty where something is."""
    waiting: int
    """Mails that have not found their end."""
    refused_addresses: int
    ticks: dict[str, datetime]
    """When `planner` and `sender` last went well, by the system's clock."""

    def is_alive(self, name: str, now: datetime, within: timedelta = timedelta(minutes=2)) -> bool:
        """Whether a duty of the worker went well lately."""
        return name in self.ticks and now - self.ticks[name] <= within


def health(now: datetime | None = None) -> Health:
    """How mail is doing at `now`, by the system's clock."""
    session, now = database.session(), now or clock.wall()
    installation = session.get_one(Installation, 1)
    is_paused = installation.paused_until is not None and installation.paused_until > now
    unfinished = OutgoingMail.state.in_(("queued", "leased", "held"))
    return Health(
        is_held=installation.is_held,
        released_at=installation.released_at,
        paused_until=installation.paused_until if is_paused else None,
        pause=_pause(installation.paused_why or "") if is_paused else "",
        waiting=session.scalar(select(func.count(OutgoingMail.id)).where(unfinished)) or 0,
        refused_addresses=session.scalar(
            select(func.count(AddressState.address)).where(AddressState.suppressed_at.is_not(None))
        )
        or 0,
        ticks={tick.name: tick.last_ok_at for tick in session.scalars(select(Tick))},
    )


def _pause(why: str) -> str:
    phase, _colon, said = why.partition(": ")
    return " ".join(
        part for part in (_(PHASES.get(phase, why)), f"({said})" if said and phase in PHASES else "") if part
    )
