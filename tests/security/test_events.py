"""What is looked for after an incident is on record: who came in or was refused, who took out or changed what."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cli.commands import run
from tests.making import BEGIN, KEY, Office
from tests.measuring import Measure
from tests.web.checking import CheckingClient, Enter
from tracker import clock, database
from tracker.domain.acts import Act
from tracker.models import AuditRow, Person
from tracker.services import people, sign_in
from tracker.settings import Settings

EMAIL, ADMIN = "police@bodies.test", "admin@myria.test"
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Event:
    """What is to be on record."""

    act: Act
    actor: int | None = None
    """None of whoever is not known to be anybody, and at the terminal."""
    door: str = "page"
    ref: str | None = None

    @property
    def address(self) -> str | None:
        return HERE if self.door == "page" else None


def enter_with(client: CheckingClient, settings: Settings, code: str | None = None) -> None:
    with client.session_transaction() as cookie:
        cookie["email"] = EMAIL
    digits = code or sign_in.code_for(EMAIL, settings, at=clock.wall())
    client.send("/sign-in/code", code=digits, status=422 if code else 302)


def at_the_terminal(database_url: str, folder: Path) -> None:
    env = {"TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(folder), "TRACKER_DATABASE_URL": database_url}
    assert run("figures", env=env).returncode == 0
    assert run("backup", folder / "a.backup", env=env).returncode == 0


@pytest.mark.proves("S32")
def test_every_event_is_on_record_with_who_when_and_from_where(
    office: Office, enter: Enter, settings: Settings, database_url: str, tmp_path: Path, measure: Measure
) -> None:
    admin = people.add(ADMIN, "Administration", "en", is_admin=True, from_on=BEGIN.date())
    police, keeper = enter(), enter(ADMIN)
    with database.reading() as session:
        before = session.scalars(select(AuditRow.id).order_by(AuditRow.id.desc())).first() or 0

    enter_with(police, settings, code="000000")
    enter_with(police, settings)
    police.page("/imports", 403)
    police.page("/review/1", 403)
    police.page("/answers/99999", 404)
    police.send("/sign-out", on="/answers")
    _change(keeper, office.police)
    at_the_terminal(database_url, tmp_path)

    of = str(office.police.id)
    expected = [
        Event(Act.SIGN_IN_REFUSED, ref=of),
        Event(Act.SIGNED_IN, office.police.id),
        Event(Act.DENIED, office.police.id, ref="imports.all_"),
        Event(Act.DENIED, office.police.id, ref="review.show"),
        Event(Act.DENIED, office.police.id, ref="answers.write"),
        Event(Act.SIGNED_OUT, office.police.id),
        Event(Act.ROLE_CHANGED, admin.id, ref=of),
        Event(Act.SESSIONS_ENDED, admin.id, ref=of),
        Event(Act.PERSON_DISABLED, admin.id, ref=of),
        Event(Act.PERSON_ENABLED, admin.id, ref=of),
        Event(Act.FIGURES_COUNTED, door="terminal"),
        Event(Act.BACKED_UP, door="terminal"),
    ]
    with database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.id > before).order_by(AuditRow.id)).all()
    told = [(one.act, one.actor_id, one.door, one.address) for one in rows]
    missing = [one for one in expected if (one.act, one.actor, one.door, one.address) not in told]
    missing += [one for one in expected if one.ref and one.ref not in {row.ref for row in rows if row.act == one.act}]
    assert missing == [], told
    assert len(rows) == len(expected), told
    assert all(abs(row.at - clock.wall()) < timedelta(minutes=5) for row in rows)
    measure("S32", "events on record with who, when and from where", len(expected) - len(missing), "events",
            f"= {len(expected)}")  # fmt: skip


def _change(keeper: CheckingClient, person: Person) -> None:
    page = f"/people/{person.id}"
    parts = keeper.page(f"{page}/parts")
    field = next(one for one in parts.css("input[type=radio]") if one.attributes.get("value") == "reader")
    keeper.send(f"{page}/parts", **{str(field.attributes["name"]): "reader"})
    for act in ("sign-out", "close", "open"):
        keeper.send(f"{page}/{act}", on=page)
