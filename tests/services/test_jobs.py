"""Documents that take long to read are read by the worker, however often one dies over it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.making import BEGIN, Office
from tracker import clock, database
from tracker.errors import NotFound
from tracker.intake import TakesLong, patience, waiting
from tracker.models import Import, Job
from tracker.queries import jobs as of_jobs
from tracker.services import imports, jobs

ROWS = "".join(f"2024/{n}\tFormer la police, point {n}.\tPolice\n" for n in range(1, 40)).encode()


@pytest.fixture
def office(database_url: str) -> Office:
    return Office.set_up(is_imported=False)


def ask(office: Office, content: bytes = ROWS) -> int:
    return jobs.read(office.issuer.id, content, "annex.txt", language=None, by=office.coordinator, at=BEGIN)


def job(office: Office, job_id: int) -> Job:
    with database.reading():
        return of_jobs.job(job_id, of_issuers=[office.issuer.id])


def stored(job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def test_a_document_is_kept_until_the_worker_has_read_it(office: Office) -> None:
    job_id = ask(office)
    assert (stored(job_id).state, stored(job_id).content) == ("waiting", ROWS)

    while jobs.run_next("a worker"):
        pass

    read = stored(job_id)
    assert (read.state, read.content) == ("done", b"")
    with database.reading() as session:
        import_ = session.get_one(Import, read.result_id)
        assert (import_.name, import_.content, len(import_.drafts)) == ("annex.txt", ROWS, 39)
        assert import_.read_by_id == office.coordinator.id


def test_the_same_document_asked_for_twice_is_read_once(office: Office) -> None:
    assert ask(office) == ask(office)


def test_a_document_that_cannot_be_read_leaves_its_sentence(office: Office) -> None:
    job_id = ask(office, b"\x89PNG\r\n\x1a\n and so on")
    assert jobs.run_next("a worker")
    failed = job(office, job_id)
    assert failed.state == "failed"
    assert jobs.sentence(failed.why or "").startswith("This is a picture.")
    assert not jobs.run_next("a worker")


def dies(monkeypatch: pytest.MonkeyPatch, before: Callable[[], None] = lambda: None) -> None:
    """Have the worker end in the middle of the next reading."""

    def killed(*_job: object) -> int:
        before()
        raise SystemExit

    monkeypatch.setitem(jobs.WORK, "read", killed)  # type: ignore[arg-type]


def later(job_id: int) -> None:
    """Let the lease of a job run out."""
    with database.transaction() as session:
        past = clock.wall() - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job_id).values(leased_until=past))


def test_a_job_whose_worker_was_killed_is_taken_up_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ask(office)
    with monkeypatch.context() as patched:
        dies(patched)
        with pytest.raises(SystemExit):
            jobs.run_next("a worker that is killed")
    assert stored(job_id).state == "running"
    assert not jobs.run_next("another worker"), "it is leased still"

    later(job_id)
    assert jobs.run_next("another worker")
    assert stored(job_id).state == "done"


def test_a_job_that_kills_every_worker_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ask(office)
    dies(monkeypatch)
    for _attempt in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            jobs.run_next("a worker that is killed")
        later(job_id)
    assert not jobs.run_next("another worker")
    assert job(office, job_id).why == "interrupted"
    assert "interrupted several times" in jobs.sentence("interrupted")


def test_a_job_that_was_cancelled_stops_in_the_middle_and_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = ask(office)
    monkeypatch.setattr(jobs, "TELL_EVERY", 0)
    really = jobs.WORK["read"]

    def cancelled_meanwhile(claimed: jobs.Claimed, progress: jobs.Progress) -> int:
        jobs.cancel(job_id, by=office.coordinator)
        return really(claimed, progress)

    monkeypatch.setitem(jobs.WORK, "read", cancelled_meanwhile)  # type: ignore[arg-type]
    assert jobs.run_next("a worker")
    assert (stored(job_id).state, stored(job_id).content) == ("cancelled", b"")
    with database.reading() as session:
        assert session.query(Import).count() == 0
    assert not jobs.run_next("a worker")


def test_a_worker_that_is_to_end_gives_the_job_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ask(office)
    monkeypatch.setattr(jobs, "TELL_EVERY", 0)
    jobs.run_next("a worker", stopping=lambda: True)
    assert (stored(job_id).state, stored(job_id).attempts) == ("waiting", 0)


def test_how_far_it_is_can_be_seen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = ask(office)
    monkeypatch.setattr(jobs, "TELL_EVERY", 0)
    jobs.run_next("a worker")
    assert (stored(job_id).done, stored(job_id).of, stored(job_id).unit) == (39, 39, "rows")


def test_somebody_of_another_issuer_cannot_cancel_it(office: Office) -> None:
    job_id = ask(office)
    with pytest.raises(NotFound):
        jobs.cancel(job_id, by=office.police)
    assert stored(job_id).state == "waiting"


def test_reading_otherwise_is_refused_where_somebody_corrected_meanwhile(office: Office) -> None:
    import_ = imports.read(office.issuer.id, ROWS, "annex.txt", by=office.coordinator, at=BEGIN)
    how = {"language": "nl", "encoding": "", "chosen": {}, "version": 1}
    job_id = jobs.read_again(office.issuer.id, import_.id, "annex.txt", how, by=office.coordinator, at=BEGIN)
    imports.drop(import_.id, 0, version=1, by=office.coordinator)
    jobs.run_next("a worker")
    assert stored(job_id).why == "moved"


def test_what_ended_long_ago_is_forgotten(office: Office) -> None:
    job_id = ask(office)
    jobs.run_next("a worker")
    jobs.forget(clock.wall() + jobs.KEPT_FOR - timedelta(hours=1))
    assert stored(job_id)
    jobs.forget(clock.wall() + jobs.KEPT_FOR + timedelta(hours=1))
    with database.reading() as session:
        assert session.get(Job, job_id) is None


def test_a_page_waits_for_a_short_document_only(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> Import:
        progress = patience(ROWS)
        return imports.read(office.issuer.id, ROWS, "a.txt", by=office.coordinator, at=BEGIN, progress=progress)

    monkeypatch.setattr(waiting, "SECONDS", 0.001)
    with pytest.raises(TakesLong):
        read()
    monkeypatch.setattr(waiting, "SECONDS", 60)
    with pytest.raises(TakesLong):
        patience(b"x" * 2_000_000)
    assert read().name == "a.txt"
