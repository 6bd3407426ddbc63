"""The nightly backup, and the anchors of the chain."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.databases import Tamper
from tests.making import Office
from tracker import database
from tracker.errors import NotFound, Refusal
from tracker.models import Backup, ChainHead
from tracker.queries import anchors as of_anchors
from tracker.queries import backups, verify
from tracker.services import anchors, backup, nightly, restore
from tracker.settings import Settings

NIGHT = datetime(2024, 10, 2, 1, tzinfo=UTC)
"""Three in the morning in Brussels."""


def names(settings: Settings) -> list[str]:
    return sorted(one.name for one in settings.backups.iterdir())


def last() -> backups.LastBackup:
    with database.reading():
        return backups.last()


def test_one_backup_is_made_a_night_from_two_in_the_morning_on(office: Office, settings: Settings) -> None:
    assert not nightly.back_up(settings, "a", at=NIGHT - timedelta(hours=2))
    assert nightly.back_up(settings, "a", at=NIGHT)
    assert not nightly.back_up(settings, "b", at=NIGHT + timedelta(hours=5))
    assert nightly.back_up(settings, "b", at=NIGHT + timedelta(days=1, hours=9))

    assert names(settings) == ["repons-2024-10-02.sqlite", "repons-2024-10-03.sqlite"]
    assert last().made_at == NIGHT + timedelta(days=1, hours=9)
    assert (settings.backups.stat().st_mode & 0o777) == 0o700


def test_workers_that_look_at_once_make_one(office: Office, settings: Settings) -> None:
    done = list[bool]()
    workers = [
        threading.Thread(target=lambda n=n: done.append(nightly.back_up(settings, f"worker {n}", at=NIGHT)))
        for n in range(6)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sorted(done) == [False] * 5 + [True]


def test_fourteen_are_kept_and_nothing_else_is_touched(office: Office, settings: Settings) -> None:
    settings.backups.mkdir()
    for n in range(1, 18):
        (settings.backups / f"repons-2024-09-{n:02}.sqlite").touch()
    (settings.backups / "before-the-move.sqlite").touch()

    nightly.back_up(settings, "a", at=NIGHT)

    assert len(names(settings)) == 15
    assert names(settings)[:2] == ["before-the-move.sqlite", "repons-2024-09-05.sqlite"]


def test_a_failure_is_told_and_tried_again_after_an_hour(office: Office, settings: Settings, tmp_path: Path) -> None:
    settings.backup_dir = tmp_path / "file" / "backups"
    (tmp_path / "file").touch()

    with pytest.raises(Refusal, match="cannot be made"):
        nightly.back_up(settings, "a", at=NIGHT)
    assert (last().failed_at, last().made_at) == (NIGHT, None)
    assert "cannot be made" in last().why
    (tmp_path / "file").unlink()

    assert not nightly.back_up(settings, "a", at=NIGHT + timedelta(minutes=30))
    assert nightly.back_up(settings, "a", at=NIGHT + timedelta(hours=1))
    assert (last().failed_at, last().made_at) == (None, NIGHT + timedelta(hours=1))


def test_a_backup_whose_worker_was_killed_is_made_by_another(office: Office, settings: Settings) -> None:
    with database.transaction() as session:
        session.add(Backup(night=NIGHT.date(), begun_at=NIGHT, file="", owner="killed"))

    assert not nightly.back_up(settings, "b", at=NIGHT + timedelta(hours=5))
    assert nightly.back_up(settings, "b", at=NIGHT + timedelta(hours=6))


def test_it_can_be_switched_off_and_put_elsewhere(office: Office, settings: Settings, tmp_path: Path) -> None:
    settings.nightly_backup = False
    assert not nightly.back_up(settings, "a", at=NIGHT)

    settings.nightly_backup, settings.backup_dir = True, tmp_path / "elsewhere"
    assert nightly.back_up(settings, "a", at=NIGHT)
    assert names(settings) == ["repons-2024-10-02.sqlite"]


def test_the_chain_is_anchored_once_a_day_and_with_each_backup(office: Office, settings: Settings) -> None:
    assert anchors.write_daily(settings)
    assert not anchors.write_daily(settings)
    nightly.back_up(settings, "a", at=NIGHT)

    found = of_anchors.anchors(of_anchors.file_of(settings))
    with database.reading() as session:
        head = session.scalars(select(ChainHead)).one()
        assert verify.verify(of_anchors.file_of(settings)).ok
    assert [(one.seq, one.hash, one.why) for one in found] == [(head.seq, head.hash, why) for why in ("day", "backup")]


def test_entries_that_were_taken_from_the_end_are_missed(office: Office, settings: Settings, tamper: Tamper) -> None:
    office.answer(office.addressee("2023/8", "police"), office.police)
    anchors.write_daily(settings)
    n, _hash = head()
    tamper("DELETE FROM entry_text WHERE seq = (SELECT seq FROM chain_head)")
    tamper("DELETE FROM entry WHERE seq = (SELECT seq FROM chain_head)")
    tamper("UPDATE chain_head SET seq = seq - 1, hash = (SELECT hash FROM entry ORDER BY seq DESC LIMIT 1)")

    with database.reading():
        assert of_anchors.compare(of_anchors.file_of(settings)).first_wrong == n
        assert not verify.verify(of_anchors.file_of(settings)).ok


def test_another_database_put_in_place_is_noticed(office: Office, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite"
    backup.write(settings, file, replace=False, told=lambda _done, _of: None)
    office.answer(office.addressee("2023/8", "police"), office.police)
    anchors.write(of_anchors.file_of(settings), *head(), "day")
    database.connect(f"sqlite:///{file}")

    with database.reading():
        assert verify.verify().ok
        verdict = verify.verify(of_anchors.file_of(settings))

    assert (verdict.ok, verdict.first_wrong) == (False, head()[0] + 1)
    assert "is not here" in str(verdict.why)


def head() -> tuple[int, str]:
    with database.reading() as session:
        found = session.scalars(select(ChainHead)).one()
        return found.seq, found.hash


def test_a_restore_is_on_record_and_explains_what_is_lost(office: Office, settings: Settings, tmp_path: Path) -> None:
    anchors_file = of_anchors.file_of(settings)
    file = tmp_path / "a.sqlite"
    backup.write(settings, file, replace=False, told=lambda _done, _of: None)
    item = office.addressee("2023/8", "police")
    for _ in range(3):
        office.answer(item, office.police)
    anchors.write(anchors_file, *head(), "day")
    database.connect(f"sqlite:///{file}")
    before = settings.database_url
    settings.database_url = f"sqlite:///{tmp_path / 'again.sqlite'}"

    restore.restore(settings, file, replace=False, told=lambda _done, _of: None)
    office.answer(item, office.police, done="Something else.")
    anchors.write(anchors_file, *head(), "day")

    with database.reading():
        assert of_anchors.compare(anchors_file) == of_anchors.Comparison(4, lost=3)
    database.connect(before)
    with database.reading():
        assert of_anchors.compare(anchors_file).first_wrong is not None


def test_a_half_written_anchor_does_no_harm(office: Office, settings: Settings) -> None:
    file = of_anchors.file_of(settings)
    with database.reading(), pytest.raises(NotFound, match="no anchors"):
        of_anchors.compare(file)
    file.write_text('{"at": "2024')

    anchors.write(file, *head(), "day")

    with database.reading():
        assert of_anchors.compare(file) == of_anchors.Comparison(1)
