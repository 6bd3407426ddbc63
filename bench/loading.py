"""Fills an empty, migrated database with an installation of a known size: right hashes, standings and expected replies.

Rows go in by table, without the triggers that would look at each; these are put back before the commit, and
`tracker verify` finds nothing to complain about.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from bench import lives
from tracker import database, protection
from tracker.domain import chain, replies
from tracker.domain.standing import Happening, fold
from tracker.models import (
    Addressee,
    AddresseeWording,
    Base,
    Body,
    BodyName,
    ChainHead,
    Entry,
    EntryText,
    ExpectedReply,
    FocalPoint,
    Issuer,
    Membership,
    Person,
    Recommendation,
    RecommendationText,
    Report,
    Round,
    Section,
    StandingRow,
)

COORDINATOR, READER = "coordination@myria.test", "reader@myria.test"
_IN_A_REPORT, _IN_A_SECTION = 50, 10
_AT_ONCE = 20_000
_FIRST_ISSUED = date(2015, 10, 18)


@dataclass(frozen=True)
class Size:
    """How much an installation holds; five entries for each recommendation."""

    name: str
    recommendations: int
    bodies: int

    @property
    def entries(self) -> int:
        return self.recommendations * 5


XS, S, M = Size("XS", 60, 12), Size("S", 500, 25), Size("M", 10_000, 200)
L, XL = Size("L", 100_000, 2_000), Size("XL", 1_000_000, 5_000)
SIZES = {size.name: size for size in (XS, S, M, L, XL)}


def load(size: Size) -> None:
    """Fill the connected database, as the owner of its tables."""
    with database.engine().execution_options(writes=True).begin() as connection, _without_triggers(connection):
        _Loading(connection, size).run()


class _without_triggers:  # noqa: N801  # reads as a sentence
    """Inside the block rows go in unseen; afterwards everything is refused again that was before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        is_postgresql = self._connection.dialect.name == "postgresql"
        for refusal in protection.REFUSALS:
            on = f" ON {refusal.table}" if is_postgresql else ""
            self._connection.exec_driver_sql(f"DROP TRIGGER {refusal.name}{on}")

    def __exit__(self, *_wrong: object) -> None:
        protection.restore(self._connection)


class _Loading:
    """One load: rows are collected by table and written many at once."""

    def __init__(self, connection: Connection, size: Size) -> None:
        self._connection, self._size = connection, size
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._waiting = 0
        self._seq, self._hash = 0, chain.GENESIS

    def run(self) -> None:
        self._people_and_bodies()
        for report in range(1, -(-self._size.recommendations // _IN_A_REPORT) + 1):
            self._report(report)
            if self._waiting > _AT_ONCE:
                self._write()
        self._write()
        self._connection.execute(update(ChainHead).values(seq=self._seq, hash=self._hash))
        if self._connection.dialect.name == "postgresql":
            self._advance_sequences()

    def _put(self, table: type[Base], **row: Any) -> None:
        self._rows[table].append(row)
        self._waiting += 1

    def _write(self) -> None:
        for table in Base.metadata.sorted_tables:
            model = next((one for one in self._rows if one.__table__ is table), None)
            if model is not None and self._rows[model]:
                self._connection.execute(insert(model), self._rows.pop(model))
        self._waiting = 0

    def _advance_sequences(self) -> None:
        """Numbers were given by hand: the next ones come behind them."""
        for table in Base.metadata.sorted_tables:
            column = table.primary_key.columns.values()[0]
            if column.name == "id" and table.name not in ("chain_head", "installation"):
                last = self._connection.scalar(select(func.max(column)))
                name = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
                self._connection.execute(text(f"SELECT setval({name}, :last)"), {"last": max(last or 0, 1)})

    def _people_and_bodies(self) -> None:
        begin = _FIRST_ISSUED
        self._put(Issuer, id=1, slug="myria", name="Myria")
        for number, (email, role) in enumerate(((COORDINATOR, "coordinator"), (READER, "reader")), start=1):
            self._put(Person, id=number, uid=_uid("p", number), email=email, display_name=role.title(), language="fr")
            self._put(Membership, person_id=number, issuer_id=1, role=role)
        for number in range(1, self._size.bodies + 1):
            slug = f"service-{number}"
            self._put(Body, id=number, slug=slug, type="other", role="implementer", parent_id=None)
            for language, name in (("fr", "Service"), ("nl", "Dienst"), ("en", "Service")):
                self._put(BodyName, body_id=number, language=language, name=f"{name} {number}", source=None)
            if number % 20:  # one body in twenty has nobody to write to
                person = number + 2
                language = "fr" if number % 2 else "nl"
                role = f"Point focal, service {number}"
                self._put(Person, id=person, uid=_uid("p", person), email=f"{slug}@bodies.test",
                          display_name=role, language=language)  # fmt: skip
                self._put(FocalPoint, person_id=person, body_id=number, from_on=begin, until_on=None)

    def _report(self, report: int) -> None:
        reports = -(-self._size.recommendations // _IN_A_REPORT)
        issued_on = _FIRST_ISSUED + timedelta(days=(report - 1) * 3900 // reports)
        asked_at = datetime(issued_on.year, issued_on.month, issued_on.day, 8, tzinfo=UTC) + timedelta(days=60)
        self._put(Report, id=report, issuer_id=1, slug=f"rapport-{report}", title=f"Rapport {report}",
                  language="fr", issued_on=issued_on)  # fmt: skip
        sections = range((report - 1) * 5 + 1, report * 5 + 1)
        for position, section in enumerate(sections):
            self._put(Section, id=section, report_id=report, position=position, title=lives.words(section, 4).title())
        self._put(Round, id=report, uid=_uid("t", report), issuer_id=1, title=f"Suivi {report}",
                  opened_at=asked_at, opened_by_id=1)  # fmt: skip
        first = (report - 1) * _IN_A_REPORT
        for number in range(first + 1, min(first + _IN_A_REPORT, self._size.recommendations) + 1):
            self._recommendation(number, report, sections[(number - first - 1) // _IN_A_SECTION], issued_on)

    def _recommendation(self, number: int, report: int, section: int, issued_on: date) -> None:
        position = (number - 1) % _IN_A_REPORT
        body = (number * 13) % self._size.bodies + 1
        code = f"{report}/{position + 1}"
        self._put(Recommendation, id=number, uid=_uid("r", number), report_id=report, section_id=section,
                  import_id=None, position=position, code=code, address=code.replace("/", "-"))  # fmt: skip
        self._put(RecommendationText, recommendation_id=number, language="fr",
                  text=lives.wording(number))  # fmt: skip
        self._put(Addressee, id=number, uid=_uid("a", number), recommendation_id=number, body_id=body,
                  role="implementer", position=0)  # fmt: skip
        self._put(
            AddresseeWording,
            addressee_id=number,
            language="fr",
            as_written=lives.addressed(f"service-{body}"),
            qualifier=None,
        )
        events = lives.life(number, issued_on, f"service-{body}", _uid("t", report))
        happened = [self._entry(number, body, place, event) for place, event in enumerate(events)][1:]
        for standing in fold(happened):
            facts = {name: value for name, value in vars(standing).items() if name != "body"}
            self._put(StandingRow, addressee_id=number, body_id=body, **facts)
        for reply in replies.replay(happened):
            self._put(ExpectedReply, addressee_id=number, round_id=report, asked_on=reply.asked_on,
                      due_on=reply.due_on, original_due_on=reply.original_due_on, is_open=reply.is_open,
                      asked_seq=reply.asked, answered_seq=reply.answered, closed_seq=reply.closed)  # fmt: skip

    def _entry(self, number: int, body: int, place: int, event: lives.Event) -> Happening:
        is_about_body = place > 0
        by = body + 2 if event.is_by_body and body % 20 else 1
        about = self._seq + 1 - place + event.about if event.about is not None else None
        payload = chain.canonical(event.text) if event.text else None
        salt = number.to_bytes(chain.SALT_BYTES, "big")
        link = chain.Link(
            seq=self._seq + 1,
            recommendation=_uid("r", number),
            addressee=_uid("a", number) if is_about_body else "",
            position=max(place, 1),
            kind=event.kind.value,
            facts=chain.canonical(event.facts),
            text_commitment=chain.commitment(salt, payload) if payload else "",
            about=str(about or ""),
            recorded_at=chain.instant(event.at),
            recorded_by=_uid("p", by),
            counts_on=event.at.date().isoformat(),
            previous_hash=self._hash,
        )
        self._seq, self._hash = link.seq, link.hash()
        self._put(Entry, seq=link.seq, recommendation_id=number, addressee_id=number if is_about_body else None,
                  position=link.position, kind=event.kind, facts=link.facts,
                  text_commitment=link.text_commitment or None, about=about, recorded_at=event.at, recorded_by_id=by,
                  counts_on=event.at.date(), previous_hash=link.previous_hash, hash=self._hash)  # fmt: skip
        if payload:
            self._put(EntryText, seq=link.seq, salt=salt, text=payload)
        facts = {name: str(value) if isinstance(value, date) else value for name, value in event.facts.items()}
        return Happening(link.seq, event.kind, facts, about, event.at.date())


def _uid(kind: str, number: int) -> str:
    return f"{kind}{number:025d}"
