"""An installation as tests need it, made through the services as in real life."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker import database
from tracker.domain.moves import Answer
from tracker.domain.vocabulary import Response
from tracker.intake import Register
from tracker.models import Addressee, Body, Entry, Issuer, Person, Recommendation, Report, Round
from tracker.queries import entries
from tracker.services import answers, imports, installation, people, rounds

ANNEXES = Path(__file__).parents[1] / "tracker" / "demo" / "annexes"
BEGIN = datetime(2024, 10, 1, 8, 0, tzinfo=UTC)
"""When the annexes are imported, a Tuesday."""
KEY = "9fQ2mLx7RtB4vNc8KpZ1wHs6YjD3gTa5"
"""A key that the environment may name: of another one, “s” forty times, it is said that it can be guessed."""
ISSUED = {"2018": date(2018, 10, 18), "2023": date(2023, 10, 18)}


@dataclass
class Office:
    """An issuer with both annexes on record, a coordinator, a reader and two focal points."""

    issuer: Issuer
    coordinator: Person
    reader: Person
    police: Person
    """The focal point of the police."""
    federal_prosecutor: Person
    """The focal point of the federal prosecutor's office."""

    @classmethod
    def set_up(cls, *, is_imported: bool = True) -> "Office":
        """The installation on the connected database, still held."""
        issuer = installation.set_up("Myria", Register.shipped())
        day = BEGIN.date()
        office = cls(
            issuer,
            people.add("coordination@myria.test", "Coordination", "fr", coordinates="myria", from_on=day),
            people.add("reader@myria.test", "Reader", "en", reads="myria", from_on=day),
            people.add("police@bodies.test", "Focal point, police", "nl", answers_for="police", from_on=day),
            people.add(
                "parquet@bodies.test", "Focal point, prosecutor", "fr", answers_for="parquet-federal", from_on=day
            ),
        )
        for year in ("2018", "2023") if is_imported else ():
            office.accept(year)
        return office

    def accept(self, year: str) -> imports.Accepted:
        """Import the annex of a year and accept it."""
        import_ = imports.read(
            self.issuer.id,
            (ANNEXES / f"myria-{year}.txt").read_bytes(),
            f"myria-{year}.txt",
            report=f"myria-{year}",
            title=f"Annual report {year}",
            issued_on=ISSUED[year],
            by=self.coordinator,
            at=BEGIN,
        )
        return imports.accept(import_.id, by=self.coordinator, at=BEGIN)

    def ask(self, report: str = "myria-2023", *, due_on: date | None = None, at: datetime = BEGIN) -> Round:
        """Open a round over one report, due in ninety days unless told."""
        with database.reading() as session:
            report_id = session.scalars(select(Report.id).filter_by(slug=report)).one()
        due = due_on or at.date() + timedelta(days=90)
        return rounds.open_round(self.issuer.id, "Follow-up", {report_id: due}, by=self.coordinator, at=at)

    def addressee(self, code: str, body: str) -> Addressee:
        """The addressee of a recommendation by its code and the slug of the body."""
        with database.reading() as session:
            return session.scalars(
                select(Addressee)
                .join(Addressee.recommendation)
                .join(Addressee.body)
                .where(Recommendation.code == code, Body.slug == body)
            ).one()

    def answer(self, addressee: Addressee, by: Person, *, at: datetime = BEGIN, **said: Any) -> Entry:
        """What a focal point answers: accepted and in progress unless told otherwise."""
        answer = Answer(**{"response": Response.ACCEPTED, "reported": None, **said})
        return answers.submit(addressee.id, answer, seen=self.seen(addressee), by=by, at=at)

    @staticmethod
    def seen(addressee: Addressee) -> int:
        """The position of the latest entry of an addressee, as a page would show it."""
        with database.reading():
            return entries.position(addressee.id)
