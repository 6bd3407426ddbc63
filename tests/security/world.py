"""Two issuers, three bodies and everybody who may meet them, with a canary of its own in every field each can fill."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tracker import clock, database
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Channel, EntryKind, Implementation, Response
from tracker.intake import Register
from tracker.models import (
    Addressee,
    AnswerLink,
    Body,
    BodyMember,
    BodyName,
    Draft,
    Entry,
    FocalPoint,
    Import,
    Issuer,
    Job,
    OutgoingMail,
    Person,
    Recommendation,
    Reminder,
    Report,
    Round,
    Submission,
)
from tracker.queries import entries
from tracker.services import (
    answers,
    bodies,
    imports,
    installation,
    jobs,
    people,
    publication,
    reminders,
    review,
    rounds,
    sign_in,
    successions,
)
from tracker.settings import Settings

BEGIN = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANNEX = """Annexe : Recommandations

CHAPITRE {chapter}

\t\tDestinataire
{rows}
"""
PRINTED = {"police": "Police", "parquet-federal": "Parquet fédéral", "magistrats": "Magistrats"}
"""The bodies, as annexes name them."""
ADDRESSED = {"first": ("police", "parquet-federal"), "second": ("parquet-federal", "magistrats")}
NAMES = frozenset(
    (
        *("report", "address", "addressee_id", "recommendation_id", "import_id", "position", "mail_id"),
        *("round_id", "seq", "slug", "body_id", "person_id", "issuer", "filename", "key"),
        *("row_id", "name_id", "member_id", "job_id", "link_id", "submission_id"),
    )
)
"""What stands in addresses. A new name gets a real value in `_things`."""
NOBODY_S = "nobody’s"
"""In place of a body: what only those see who work for the issuer."""


def public() -> set[str]:
    """What everybody may read: see `_publish`."""
    letter = {canary("first", "police", f"paper-{what}") for what in ("done", "reason", "link")}
    report = {canary("first", body, "text") for body in ADDRESSED["first"]} | {canary("first", NOBODY_S, "section")}
    return letter | report


def canary(issuer: str, body: str, what: str) -> str:
    """A word that stands in one field of what one issuer and one body have to do with each other."""
    return f"canary-{issuer}-{body}-{what}-end".replace("’", "")


@dataclass(frozen=True)
class Thing:
    """What one issuer and one body have to do with each other, under every name that an address may have for it."""

    issuer: str
    body: str
    values: dict[str, object]


@dataclass
class World:
    """Who there is, and the things."""

    persons: dict[str, Person]
    """By what they are."""
    things: list[Thing] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    """Of a session of everybody; of whoever is disabled, from before."""
    issuers: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls) -> "World":
        """All of it, made through the services, on the connected database."""
        clock.use(lambda: BEGIN)
        first = installation.set_up("First", Register.shipped())
        with database.transaction() as session:
            second = Issuer(slug="second", name="Second")
            session.add(second)
            session.flush()
        world = cls(_persons())
        world.issuers = {"first": first.id, "second": second.id}
        with database.reading() as session:
            world.bodies = {slug: session.scalars(select(Body.id).filter_by(slug=slug)).one() for slug in PRINTED}
        for issuer in world.issuers:
            _issue(world, issuer)
        _publish(world)
        for slug in PRINTED:
            bodies.add_member(slug, "sirs", None, by=world.persons["coordinator"], at=BEGIN)
        for slug in PRINTED:
            _split(slug, world.persons["administrator"])
        installation.release(at=BEGIN)
        clock.use(lambda: TODAY)
        reminders.plan(TODAY, Settings(secret_key="s" * 40, _env_file=None))
        _submit()
        with database.reading():
            world.things = list(_things(world))
        for role, person in world.persons.items():
            world.tokens[role] = sign_in.enter_as(person.id, at=clock.wall())
        with database.transaction() as session:
            session.get_one(Person, world.persons["disabled"].id).disabled_at = TODAY
        clock.use(clock.wall)
        return world


def _split(slug: str, by: Person) -> None:
    """Two others are to share what a body was asked; nobody has said yet who takes over what."""
    followers, day = ("sirs", "gouverneurs"), BEGIN.date()
    with database.reading():
        seen = successions.look(slug, followers, day, is_merger=False, by=by, at=BEGIN).seen
    successions.enter(slug, followers, day, seen=seen, by=by, at=BEGIN)


def _persons() -> dict[str, Person]:
    parts: dict[str, dict[str, Any]] = {
        "focal point of the police": {"answers_for": "police"},
        "focal point of the prosecutor": {"answers_for": "parquet-federal"},
        "focal point of the magistrates": {"answers_for": "magistrats"},
        "reader": {"reads": "first"},
        "coordinator": {"coordinates": "first"},
        "coordinator of the other issuer": {"coordinates": "second"},
        "administrator": {"is_admin": True},
        "nothing": {},
        "disabled": {"coordinates": "first", "answers_for": "police"},
    }
    return {
        name: people.add(f"{n}@people.test", name.capitalize(), "en", from_on=BEGIN.date(), **part)
        for n, (name, part) in enumerate(parts.items())
    }


def _annex(issuer: str, kind: str) -> bytes:
    rows = [
        f"2024/{n}\tFaire ce que dit {canary(issuer, body, kind)} chaque année.\t{PRINTED[body]}"
        for n, body in enumerate(ADDRESSED[issuer], start=1)
    ]
    return ANNEX.format(chapter=canary(issuer, NOBODY_S, "section").upper(), rows="\n".join(rows)).encode()


def _issue(world: World, issuer: str) -> None:
    """A report on record, asked, answered, returned, answered again and assessed; another document under review."""
    issuer_id = world.issuers[issuer]
    by = world.persons["coordinator" if issuer == "first" else "coordinator of the other issuer"]
    read = {"report": f"{issuer}-2024", "title": f"Report of the {issuer}", "issued_on": date(2024, 12, 18)}
    import_ = imports.read(issuer_id, _annex(issuer, "text"), "annex.txt", by=by, at=BEGIN, **read)
    imports.accept(import_.id, by=by, at=BEGIN)
    draft = _annex(issuer, "draft")
    for body in ADDRESSED[issuer]:  # who works for the issuer sees it, and not yet the body
        draft = draft.replace(canary(issuer, body, "draft").encode(), canary(issuer, NOBODY_S, "draft").encode())
    imports.read(issuer_id, draft, f"{canary(issuer, NOBODY_S, 'file')}.txt", by=by, at=BEGIN)
    jobs.read(issuer_id, draft * 2, f"{canary(issuer, NOBODY_S, 'long')}.txt", language=None, by=by, at=BEGIN)
    with database.reading() as session:
        report_id = session.scalars(select(Report.id).filter_by(slug=f"{issuer}-2024")).one()
    title = canary(issuer, NOBODY_S, "round")
    rounds.open_round(issuer_id, title, {report_id: date(2026, 11, 16)}, by=by, at=BEGIN)
    for body in ADDRESSED[issuer]:
        _exchange(world, issuer, body, by)


def _exchange(world: World, issuer: str, body: str, by: Person) -> None:
    with database.reading() as session:
        addressee = _addressee(session, issuer, body)
    focal_point = next(p for p in world.persons.values() if p.display_name.endswith(_LAST_WORD[body]))

    def seen() -> int:
        with database.reading():
            return entries.position(addressee.id)

    def answer(what: str, day: int, who: Person, **more: Any) -> None:
        said = Answer(
            Response.ACCEPTED_IN_PART,
            Implementation.PARTIALLY,
            done=canary(issuer, body, f"{what}-done"),
            reason=canary(issuer, body, f"{what}-reason"),
            links=(f"https://example.org/{canary(issuer, body, f'{what}-link')}",),
            **more,
        )
        answers.submit(addressee.id, said, seen=seen(), by=who, at=BEGIN + timedelta(days=day))

    paper = {"channel": Channel.LETTER, "received_on": BEGIN.date(), "answered_by": canary(issuer, body, "who")}
    answer("paper", 1, by, **paper)
    found = canary(issuer, body, "finding")
    review.assess(addressee.id, Implementation.IN_PROGRESS, found, seen=seen(), by=by, at=BEGIN + timedelta(days=2))
    answer("form", 3, focal_point)
    question = canary(issuer, body, "question")
    clock.use(lambda: BEGIN + timedelta(days=4))
    review.return_(addressee.id, question, date(2026, 11, 9), seen=seen(), by=by, at=BEGIN + timedelta(days=4))
    clock.use(lambda: BEGIN)


_LAST_WORD = {"police": "police", "parquet-federal": "prosecutor", "magistrats": "magistrates"}


def _publish(world: World) -> None:
    """The first report is public, and of its answers the letter of the police."""
    by = world.persons["coordinator"]
    with database.reading() as session:
        report_id = session.scalars(select(Report.id).filter_by(slug="first-2024")).one()
        addressee = _addressee(session, "first", "police")
        letter = _first_answer(addressee.id)
    at = BEGIN + timedelta(days=5)
    publication.publish_report(report_id, at, by=by, at=at)
    publication.publish(addressee.id, letter, by=by, at=at)


def _first_answer(addressee_id: int) -> int:
    of_addressee = select(Entry.seq).filter_by(addressee_id=addressee_id, kind=EntryKind.ANSWERED).order_by(Entry.seq)
    return database.session().scalars(of_addressee.limit(1)).one()


def _addressee(session: Any, issuer: str, body: str) -> Addressee:
    return session.scalars(
        select(Addressee)
        .join(Addressee.recommendation)
        .join(Recommendation.report)
        .join(Addressee.body)
        .where(Report.slug == f"{issuer}-2024", Body.slug == body)
    ).one()


def _form(session: Any, focal_point: Person, addressee: Addressee) -> dict[str, object]:
    """The link in the reminder to the form of the body, and what was sent from it before."""
    of_it = {"body_id": addressee.body_id, "issuer_id": addressee.recommendation.report.issuer_id}
    link = session.scalars(select(AnswerLink.id).filter_by(person_id=focal_point.id, **of_it)).one()
    sent = select(Submission.id).filter_by(answer_link_id=link)
    return {"link_id": link, "submission_id": session.scalars(sent).one()}


def _submit() -> None:
    """What each body answered, as if it had been sent from its form: what was expected is expected still."""
    with database.transaction() as session:
        for link in session.scalars(select(AnswerLink)):
            answered = (
                select(Entry.seq)
                .join(Addressee, Addressee.id == Entry.addressee_id)
                .join(Addressee.recommendation)
                .join(Recommendation.report)
                .where(
                    Addressee.body_id == link.body_id,
                    Report.issuer_id == link.issuer_id,
                    Entry.kind == EntryKind.ANSWERED,
                )
            )
            seqs = list(session.scalars(answered.order_by(Entry.seq)))
            session.add(Submission(uid=link.uid, answer_link_id=link.id, sent_at=TODAY, entries=json.dumps(seqs)))


def _things(world: World) -> Iterator[Thing]:
    session = database.session()
    for issuer, body in (("first", "police"), ("first", "parquet-federal"), ("second", "magistrats")):
        addressee = _addressee(session, issuer, body)
        focal_point = next(p for p in world.persons.values() if p.display_name.endswith(_LAST_WORD[body]))
        draft = session.scalars(
            select(Draft)
            .join(Import, Import.id == Draft.import_id)
            .where(Import.issuer_id == world.issuers[issuer], Import.state == "draft")
            .limit(1)
        ).one()
        mail = session.scalars(
            select(OutgoingMail).join(Reminder).where(Reminder.addressee_id == addressee.id).limit(1)
        ).one()
        of_body = {"body_id": addressee.body_id}
        row = select(FocalPoint.id).filter_by(person_id=focal_point.id, **of_body)
        member = select(BodyMember.id).filter_by(collective_id=addressee.body_id)
        values: dict[str, object] = {
            "report": f"{issuer}-2024",
            "address": addressee.recommendation.address,
            "addressee_id": addressee.id,
            "recommendation_id": addressee.recommendation_id,
            "import_id": draft.import_id,
            "position": draft.position,
            "mail_id": mail.id,
            "round_id": session.scalars(select(Round.id).filter_by(issuer_id=world.issuers[issuer])).first(),
            "seq": _first_answer(addressee.id),
            "slug": body,
            "body_id": addressee.body_id,
            "person_id": focal_point.id,
            "issuer": issuer,
            "filename": "look.css",
            "key": "none",
            "row_id": session.scalars(row).one(),
            "name_id": session.scalars(select(BodyName.id).filter_by(**of_body)).first(),
            "member_id": session.scalars(member).one(),
            **_form(session, focal_point, addressee),
            "job_id": session.scalars(select(Job.id).filter_by(issuer_id=world.issuers[issuer])).one(),
        }
        assert values.keys() == NAMES
        yield Thing(issuer, body, values)
