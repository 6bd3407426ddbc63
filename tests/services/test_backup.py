"""Backups and restores: the whole of an installation, while it runs, on either engine."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from tests.databases import Databases
from tests.followed import TODAY
from tests.making import Office
from tracker import clock, database, protection
from tracker.errors import NotAllowed, Refusal
from tracker.models import Backup, Body, ChainHead, Installation, Issuer, OutgoingMail, SignedInSession
from tracker.queries import verify
from tracker.services import backup, copying, installation, outbox, restore, schema, sign_in
from tracker.settings import Settings

Elsewhere = Callable[[str], Settings]


def silently(_done: int, _of: int) -> None:
    """Nobody looks."""


def backed_up(settings: Settings, file: Path) -> backup.Made:
    return backup.backup(settings, file, replace=False, owner="test", told=silently)


def restored(settings: Settings, file: Path, *, replace: bool = False) -> restore.Restored:
    return restore.restore(settings, file, replace=replace, told=silently)


def rows(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a backup should hold."""
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in copying.tables()
    }


def everything() -> dict[str, list[tuple[object, ...]]]:
    with database.snapshot() as connection:
        return rows(connection)


@pytest.fixture
def elsewhere(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Elsewhere]:
    """Another installation: empty, on the same engine, or (“file”) on an SQLite that does not exist yet."""

    def elsewhere(name: str) -> Settings:
        folder = tmp_path / name
        folder.mkdir()
        url = "" if name == "file" else databases.copy(migrated, name)
        owner = databases.owned(url) if url else ""
        return Settings(secret_key="o" * 40, data_dir=folder, database_url=url, migration_url=owner, _env_file=None)

    yield elsewhere
    database.close()


def test_a_backup_goes_to_the_other_engine_and_back_without_a_difference(
    followed: Office, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    before = everything()
    there, back = elsewhere("file"), elsewhere("back")

    first = backed_up(settings, tmp_path / "first.sqlite")
    restored(there, first.file)
    on_the_way = everything()
    second = backed_up(there, tmp_path / "second.sqlite")
    came = restored(back, second.file)

    assert before == {**on_the_way, "installation": before["installation"]}
    assert before == {**everything(), "installation": before["installation"]}
    assert (first.seq, first.hash) == (second.seq, second.hash) == (came.seq, came.hash)
    assert first.seq > 100
    with database.reading():
        assert verify.verify().ok


def test_what_is_recorded_after_a_restore_gets_new_numbers(
    followed: Office, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    restored(elsewhere("back"), backed_up(settings, tmp_path / "a.sqlite").file)

    with database.transaction() as session:
        session.add(Issuer(slug="second", name="Second"))
        session.flush()
        parent = session.scalars(select(Body).filter_by(slug="police")).one()
        session.add(Body(slug="new", type="other", role="implementer", parent_id=parent.id))
    followed.answer(followed.addressee("2023/8", "police"), followed.police, at=TODAY)

    with database.reading():
        assert verify.verify().ok


def test_mail_that_had_not_left_waits_and_nobody_stays_signed_in(
    office: Office, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    installation.release(at=clock.wall())
    sign_in.enter_as(office.police.id, at=clock.wall())
    for state in ("queued", "leased", "accepted", "failed"):
        put(state)
    put("queued", kind="code")
    file = backed_up(settings, tmp_path / "a.sqlite").file

    came = restored(elsewhere("back"), file)

    with database.reading() as session:
        found = dict(session.execute(select(OutgoingMail.key, OutgoingMail.state)).all())
        assert session.get_one(Installation, 1).is_held
        assert session.scalar(select(SignedInSession.token_digest)) is None
    assert found == {
        "queued/weekly": "held",
        "leased/weekly": "held",
        "accepted/weekly": "accepted",
        "failed/weekly": "failed",
        "queued/code": "expired",
    }
    assert came.held == 2
    assert not outbox.claim("test", clock.wall())

    installation.release(at=clock.wall())

    assert len(outbox.claim("test", clock.wall())) == 2


def put(state: str, kind: str = "weekly") -> None:
    with database.transaction() as session:
        mail = outbox.queue(
            session,
            outbox.Composed("s", b"x"),
            message_id=f"<{state}-{kind}@test>",
            key=f"{state}/{kind}",
            kind=kind,
            lane=0 if kind == "code" else 1,
            person=None,
            recipient="police@bodies.test",
            language="en",
            at=clock.wall(),
            expires_at=clock.wall() + timedelta(days=1),
            on_uncertain="hold",
        )
        assert mail is not None
        mail.state = state
        mail.lease_until = clock.wall() + timedelta(minutes=3) if state == "leased" else None


def test_a_backup_is_for_its_owner_alone_and_lies_on_nothing(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "a.sqlite"
    sign_in.enter_as(office.police.id, at=clock.wall())

    made = backed_up(settings, file)

    assert (os.stat(file).st_mode & 0o777, made.size) == (0o600, file.stat().st_size)
    with database.sqlite_file(file).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM session")) == 0
        assert protection.missing(connection) == []
        assert connection.scalar(text("PRAGMA journal_mode")) == "delete"
    with pytest.raises(Refusal, match="is there already"):
        backed_up(settings, file)
    backup.backup(settings, file, replace=True, owner="test", told=silently)
    with database.reading() as session:
        assert len(session.scalars(select(Backup)).all()) == 2
    assert not list(tmp_path.glob(".*"))


def test_a_backup_without_a_place_leaves_nothing_behind(office: Office, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        backed_up(settings, tmp_path / "nowhere" / "a.sqlite")
    (tmp_path / "a.sqlite").mkdir()
    with pytest.raises(Refusal, match="cannot be written"):
        backup.backup(settings, tmp_path / "a.sqlite", replace=True, owner="test", told=silently)

    assert not list(tmp_path.glob(".*"))


def test_a_backup_is_of_one_moment_while_others_write(office: Office, settings: Settings, tmp_path: Path) -> None:
    item = office.addressee("2023/8", "police")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            office.answer(item, office.police)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backed_up(settings, tmp_path / f"{n}.sqlite") for n in range(4)]
    finally:
        stop.set()
        writer.join()

    for one in made:
        database.connect(f"sqlite:///{one.file}")
        with database.reading() as session:
            assert session.scalars(select(ChainHead)).one().seq == one.seq
            assert verify.verify().ok
    assert [one.seq for one in made] == sorted({one.seq for one in made})


def test_nothing_is_thrown_away_unasked(
    office: Office, settings: Settings, databases: Databases, tmp_path: Path
) -> None:
    settings.migration_url = databases.owned(settings.database_url)
    file = backed_up(settings, tmp_path / "a.sqlite").file
    office.answer(office.addressee("2023/8", "police"), office.police)
    after = everything()

    with pytest.raises(NotAllowed, match="not empty"):
        restored(settings, file)
    assert everything() == after

    restored(settings, file, replace=True)

    with database.snapshot() as connection:
        assert protection.missing(connection) == []
        assert len(rows(connection)["entry"]) == len(after["entry"]) - 1


def test_what_is_no_backup_is_refused(office: Office, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(Refusal, match="is not a backup"):
        restored(settings, file, replace=True)
    with pytest.raises(Refusal, match="There is no file"):
        restored(settings, tmp_path / "none", replace=True)
    whole = backed_up(settings, tmp_path / "b.sqlite").file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refusal, match="damaged"):
        restored(settings, file, replace=True)
    own = Path(database.engine().url.database or "")
    if own.is_file():
        with pytest.raises(Refusal, match="is the database of this installation"):
            restored(settings, own, replace=True)

    assert len(everything()["entry"]) > 0


def test_an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(
    office: Office, settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    file = backed_up(settings, tmp_path / "a.sqlite").file
    before = everything()
    database.connect(f"sqlite:///{file}")
    schema.downgrade(schema.revisions()[1])
    database.close()

    restored(elsewhere("back"), file)

    assert everything() == {**before, "installation": everything()["installation"]}
    with database.sqlite_file(file).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(Refusal, match="newer version"):
        restored(elsewhere("again"), file)


def test_a_restore_that_fails_changes_nothing(
    office: Office, settings: Settings, databases: Databases, tmp_path: Path
) -> None:
    settings.migration_url = databases.owned(settings.database_url)
    file = backed_up(settings, tmp_path / "a.sqlite").file
    with database.sqlite_file(file).connect() as connection, schema.rebuilding(connection), connection.begin():
        connection.execute(text("DELETE FROM person"))
    before = everything()

    with pytest.raises(Refusal, match="does not fit together"):
        restored(settings, file, replace=True)

    database.connect(settings.database)
    assert everything() == before
    with database.snapshot() as connection:
        assert protection.missing(connection) == []
