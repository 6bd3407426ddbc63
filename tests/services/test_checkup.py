"""`tracker doctor`: each fault that is planted is named, with its remedy."""

import os
import shutil
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import Databases, Tamper
from tests.mail.peer import Peer, free_port, running
from tests.making import Office
from tracker import clock, database, language
from tracker.models import Backup, Installation, Person
from tracker.queries import anchors as of_anchors
from tracker.services import anchors, backup, installation, nightly, schema, ticks
from tracker.services.checkup import Finding, State, check_up, storage
from tracker.services.checkup import databases as databases_checked
from tracker.settings import Settings

FINE, WARNING, WRONG = State.FINE, State.WARNING, State.WRONG
Plant = Callable[[str], None]


@pytest.fixture
def peer() -> Iterator[Peer]:
    with running() as found:
        yield found


@pytest.fixture
def settings(office: Office, database_url: str, tmp_path: Path, peer: Peer) -> Settings:
    """An installation in which all is well."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    settings = Settings(
        secret_key="k" * 40,
        base_url="https://suivi.example.org",
        mail_from="Myria <suivi@example.org>",
        database_url=database_url,
        data_dir=folder,
        smtp_url=peer.url,
        _env_file=None,
    )
    backup.backup(settings, folder / "a.sqlite", replace=False, owner="test", told=lambda _done, _of: None)
    installation.release(at=clock.wall())
    for name in ("planner", "sender"):
        ticks.went_well(name, "test", at=clock.wall())
    return settings


def findings(settings: Settings) -> dict[str, Finding]:
    return {one.check: one for one in check_up(settings)}


def finding(settings: Settings, check: str) -> tuple[State, str]:
    """How bad, and sentence and remedy together."""
    one = findings(settings)[check]
    assert (one.remedy == "") == (one.state is FINE)
    return one.state, f"{one.sentence} {one.remedy}"


def test_all_is_well_where_nothing_is_planted(settings: Settings) -> None:
    assert {one.check: one.sentence for one in check_up(settings) if one.state is not FINE} == {}
    assert len(findings(settings)) == 26


def test_the_guide_explains_each_check(settings: Settings) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "administrator.md").read_text()
    assert [check for check in findings(settings) if f"`{check}`" not in guide] == []


@pytest.mark.parametrize(
    ("check", "changed", "state", "words"),
    [
        ("base_url", {"base_url": "http://suivi.example.org"}, WRONG, "is not encrypted"),
        ("base_url", {"base_url": "https://example.org/suivi"}, WRONG, "without a path"),
        ("base_url", {"base_url": "http://127.0.0.1:8000"}, WARNING, "reaches this machine alone"),
        ("sender", {"mail_from": "Suivi"}, WRONG, "is not a mail address"),
        ("sender", {"mail_from": "repons@localhost"}, WARNING, "which nobody can answer"),
        ("register", {"register_file": Path("/nowhere.json")}, WRONG, "nowhere.json cannot be used"),
        ("mail_server", {"smtp_url": "http://127.0.0.1"}, WRONG, "TRACKER_SMTP_URL is wrong"),
        ("mail_server", {"smtp_url": f"smtp://127.0.0.1:{free_port()}"}, WRONG, "cannot be reached"),
        ("mail_encryption", {"smtp_url": "smtp://mail.example.invalid"}, WARNING, "without encryption"),
        ("data_folder", {"data_dir": Path("/nowhere")}, WRONG, "does not exist"),
        ("backup_folder", {"nightly_backup": False}, WARNING, "are switched off"),
        ("backup_folder", {"backup_dir": Path("/proc/version/backups")}, WRONG, "cannot be written to"),
        ("connection", {"database_url": "mysql://nowhere"}, WRONG, "must begin with sqlite"),
        ("connection", {"database_url": "sqlite:////nowhere/a.sqlite"}, WRONG, "Run `tracker migrate`"),
        ("connection", {"database_url": "sqlite:////etc/hostname"}, WRONG, "is not a database"),
        ("connection", {"database_url": f"postgresql://127.0.0.1:{free_port()}/x"}, WRONG, "that the server runs"),
        ("time_zone", {"timezone": "Europe/Brussels"}, FINE, "Days are those of Europe/Brussels"),
    ],
)
def test_a_wrong_setting_is_named(
    settings: Settings, check: str, changed: dict[str, object], state: State, words: str
) -> None:
    found, told = finding(settings.model_copy(update=changed), check)

    assert (found, words in told) == (state, True), told


def test_a_mail_server_that_does_not_want_us_is_named(settings: Settings, peer: Peer) -> None:
    with_password = settings.model_copy(update={"smtp_url": f"smtp://user:password@127.0.0.1:{peer.port}"})
    state, told = finding(with_password, "mail_server")
    assert (state, "user name or password" in told) == (WRONG, True)
    assert ":password" not in told

    encrypted = settings.model_copy(update={"smtp_url": f"{peer.url}?starttls=true"})
    assert "did not prove who it is" in finding(encrypted, "mail_server")[1]

    peer.refuse("MAIL", "550 not from you")
    state, told = finding(settings, "mail_server")
    assert (state, "550" in told or "not from you" in told) == (WRONG, True)
    assert peer.accepted == []


def test_folders_and_disks_are_looked_at(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "the data"
    folder.mkdir(mode=0o755)
    state, told = finding(settings.model_copy(update={"data_dir": folder}), "data_folder")
    assert state is WARNING
    assert f"chmod 700 '{folder}'" in told

    usage = namedtuple("usage", "total used free")  # as shutil has it
    for free, state in ((100, WRONG), (500 * 10**6, WARNING)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: usage(10**12, 0, free))
        assert finding(settings, "disk_space")[0] is state

    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {settings.data_dir} nfs4 rw 0 0\n")
    monkeypatch.setattr(storage, "MOUNTS", mounts)
    on_sqlite = settings.model_copy(update={"database_url": ""})
    assert finding(on_sqlite, "file_system") == (
        WRONG,
        "The data folder lies on a network file system (nfs4), on which SQLite databases are damaged. Move it to a "
        "local disk, or use PostgreSQL: `tracker backup`, TRACKER_DATABASE_URL, `tracker restore`.",
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a while")
def test_what_belongs_to_somebody_else_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "repons.sqlite").touch(mode=0o600)
        settings = Settings(secret_key="k" * 40, data_dir=folder, _env_file=None)
        os.setresuid(65534, 65534, 0)
        try:
            found = storage.data_folder(settings), databases_checked.connection(settings)
        finally:
            os.setresuid(0, 0, 0)

    assert [one.state for one in found] == [WRONG, WRONG]
    assert all("by this user" in one.sentence and "chown" in one.remedy for one in found)


def test_an_sqlite_that_may_damage_its_log_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database.close()
    monkeypatch.setattr(database.sqlite_library(), "sqlite_version_info", (3, 40, 1))
    if settings.database_url.startswith("sqlite"):
        state, told = finding(settings, "library")
        assert (state, "TRUNCATE" in told, "pip install pysqlite3" in told) == (WARNING, True, True)
    else:
        assert finding(settings, "library")[0] is FINE


def test_missing_translations_are_named(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "_FOLDER", tmp_path)

    state, told = finding(settings, "package")

    assert (state, "messages.mo" in told, "--force-reinstall" in told) == (WRONG, True, True)


def test_tables_of_another_version_or_of_something_else_are_named(
    settings: Settings, databases: Databases, tmp_path: Path
) -> None:
    database.connect(databases.owned(settings.database_url))
    with database.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    state, told = finding(settings, "revision")
    assert (state, "Install the newer version again" in told) == (WRONG, True)

    database.connect(databases.owned(settings.database_url))
    with database.engine().begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{schema.revisions()[1]}'"))  # noqa: S608
    found = findings(settings)
    assert (found["revision"].state, "`tracker migrate`" in found["revision"].remedy) == (WRONG, True)
    assert "triggers" not in found

    with database.engine_at(f"sqlite:///{tmp_path / 'b.sqlite'}").begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    other = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'b.sqlite'}"})
    assert "tables of something else: recipes" in finding(other, "connection")[1]


def test_an_unprotected_or_changed_timeline_is_named(settings: Settings, tamper: Tamper) -> None:
    tamper("UPDATE entry SET facts = facts || ' ' WHERE seq = 3")
    found = findings(settings)

    assert (found["triggers"].state, "entry_is_never_changed" in found["triggers"].sentence) == (WRONG, True)
    assert (found["chain"].state, found["chain"].sentence[:8]) == (WRONG, "Entry 3:")


def test_a_chain_that_left_its_anchors_is_named(settings: Settings) -> None:
    file = of_anchors.file_of(settings)
    anchors.write(file, 3, "0" * 64, "day")
    assert "does not agree with its anchors" in finding(settings, "anchor")[1]
    file.unlink()
    assert finding(settings, "anchor")[0] is WARNING


def test_one_role_for_everything_is_named(settings: Settings, databases: Databases) -> None:
    owner = settings.model_copy(update={"database_url": databases.owned(settings.database_url)})

    state, told = finding(owner, "roles")

    if settings.database_url.startswith("postgresql"):
        assert (state, "TRACKER_MIGRATION_URL" in told) == (WARNING, True)
    else:
        assert state is FINE


def test_a_clock_that_went_back_is_named(settings: Settings) -> None:
    ticks.went_well("planner", "test", at=clock.wall() + timedelta(hours=1))

    state, told = finding(settings, "clocks")

    assert (state, "in the future" in told) == (WRONG, True)


def test_a_worker_that_stopped_is_named(settings: Settings) -> None:
    ticks.went_well("sender", "test", at=clock.wall() - timedelta(minutes=3))

    state, told = finding(settings, "worker")

    assert (state, "(sender)" in told, "`tracker work`" in told) == (WRONG, True, True)


def test_an_installation_without_people_is_named(settings: Settings, office: Office) -> None:
    with database.transaction() as session:
        session.get_one(Person, office.coordinator.id).disabled_at = clock.wall()

    state, told = finding(settings, "coordinator")

    assert (state, "tracker user add" in told) == (WRONG, True)


def test_mail_that_is_held_or_paused_is_named(settings: Settings, office: Office) -> None:
    office.ask()
    installation.hold()
    state, told = finding(settings, "mail_flow")
    assert (state, "tracker release" in told) == (WARNING, True)

    with database.transaction() as session:
        row = session.get_one(Installation, 1)
        row.paused_until, row.paused_why = clock.wall() + timedelta(minutes=5), "login: 535 no"
    state, told = finding(settings, "mail_flow")
    assert (state, "refuses our user name or password" in told) == (WRONG, True)


def test_backups_that_are_old_or_failed_are_named(settings: Settings, tmp_path: Path) -> None:
    with database.transaction() as session:
        for one in session.query(Backup):
            one.begun_at = clock.wall() - timedelta(days=3)
    state, told = finding(settings, "backup")
    assert (state, "The last backup is of" in told) == (WRONG, True)

    (tmp_path / "file").touch()
    broken = settings.model_copy(update={"backup_dir": tmp_path / "file" / "backups"})
    tomorrow = clock.wall() + timedelta(days=1)
    with pytest.raises(Exception, match="cannot be made"):
        nightly.back_up(broken, "test", at=tomorrow.replace(hour=12))
    state, told = finding(settings, "backup")
    assert (state, "failed" in told, "cannot be made" in told) == (WRONG, True, True)


def test_an_empty_installation_is_told_how_to_begin(
    settings: Settings, databases: Databases, migrated: str, tmp_path: Path
) -> None:
    empty = settings.model_copy(update={"database_url": databases.copy(migrated, "empty")})
    found = findings(empty)

    assert found["issuer"].state is found["coordinator"].state is found["worker"].state is WRONG
    assert found["backup"].state is WARNING
    database.close()
