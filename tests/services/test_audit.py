"""The audit log: every act once, with who, when and from where, in the transaction of the act."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.making import BEGIN, Office
from tests.reply_forms import link_of, token_of
from tracker import clock, database
from tracker.domain.acts import Act
from tracker.domain.vocabulary import BodyType, Channel, Implementation, Role, TermKind
from tracker.errors import NotAllowed, Refusal
from tracker.models import Addressee, AuditRow, FocalPoint, Import, Issuer, OutgoingMail, Person, Report
from tracker.queries import addressees, audit_words
from tracker.queries import audit as of_audit
from tracker.queries import people as of_people
from tracker.queries import publication as published
from tracker.queries.policies import of_issuer
from tracker.services import (
    answer_links,
    audit,
    bodies,
    body_names,
    contacts,
    due_dates,
    ends,
    focal_points,
    installation,
    lineage,
    outbox,
    parts,
    people,
    policies,
    publication,
    review,
    sign_in,
    splits,
    successions,
    terms,
)
from tracker.services.bodies import Facts
from tracker.services.body_names import Name
from tracker.services.focal_points import Contact
from tracker.services.splits import Demand
from tracker.settings import Settings

NOW = datetime(2024, 12, 2, 9, 0, tzinfo=UTC)
ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def at_a_page(database_url: str) -> None:
    clock.use(lambda: NOW)
    audit.come_in("page", address=ADDRESS)


def rows() -> list[AuditRow]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def acts_since(n: int) -> list[str]:
    return [row.act for row in rows()[n:]]


def do_everything(office: Office, settings: Settings) -> None:
    """One of each act, but for pages that were refused and figures that were taken out."""
    by = office.coordinator
    digits = sign_in.code_for(office.police.email, settings, at=NOW)
    with pytest.raises(NotAllowed):
        sign_in.enter(office.police.email, str((int(digits) + 1) % 10**6).zfill(6), settings, at=NOW)
    sign_in.leave(sign_in.enter(office.police.email, digits, settings, at=NOW), at=NOW)
    people.end_sessions(office.police.id, by=by, at=NOW)
    office.ask(at=NOW)
    installation.release(at=NOW)
    installation.hold()
    _mail_acts(office)
    with database.reading() as session:
        report = session.scalars(select(Report.id).filter_by(slug="myria-2023")).one()
    publication.publish_report(report, NOW, by=by, at=NOW)
    publication.take_back_report(report, by=by, at=NOW)
    addressee = office.addressee("2023/8", "police")
    office.answer(addressee, by, at=NOW, channel=Channel.LETTER, received_on=NOW.date(), answered_by="Secretariat")
    review.file(addressee.id, seen=office.seen(addressee), by=by, at=NOW)
    _link_acts(office, settings)
    office.answer(addressee, office.police, at=NOW)
    due = NOW.date() + timedelta(days=9)
    review.return_(addressee.id, "Since when?", due, seen=office.seen(addressee), by=by, at=NOW)
    due_dates.move(addressee.id, due + timedelta(days=9), "Ill.", seen=office.seen(addressee), by=by, at=NOW)
    due_dates.withdraw_question(addressee.id, "", seen=office.seen(addressee), by=by, at=NOW)
    found = Implementation.IN_PROGRESS
    review.assess(addressee.id, found, "", seen=office.seen(addressee), by=by, at=NOW)
    _publish(addressee, by)
    ends.withdraw(addressee.recommendation_id, "Asked twice.", by=by, at=NOW)
    _acts_on_others(office)
    _succession_acts(office)
    with database.reading() as session:
        import_ = session.scalars(select(Import.id).order_by(Import.id)).first() or 0
    ends.undo_import(import_, by=by, at=NOW)
    added = people.create("x@myria.test", "X", "fr", {office.issuer.id: "reader"}, by=by)
    people.change(added.id, "y@myria.test", "X", "nl", by=by, at=NOW)
    people.disable(added.id, by=by, at=NOW)
    people.enable(added.id, by=by)
    row = focal_points.name("sirs", Contact("z@bodies.test", "Z", "nl"), NOW.date(), by=by)
    focal_points.end(row.id, NOW.date(), by=by, at=NOW)
    contacts.accept(b"body,mail,name,language\nsirs,w@bodies.test,W,fr\n", by=by, at=NOW)
    bodies.add(Facts(BodyType.OTHER, Role.RELAY), {"fr": Name("Office")}, by=by, at=NOW)
    body_names.rename("office", "nl", Name("Kantoor"), None, by=by, at=NOW)


def _link_acts(office: Office, settings: Settings) -> None:
    link = link_of(office, office.police, "2023/8", "police", settings, NOW)
    answer_links.enter(token_of(link, settings), at=NOW)
    answer_links.hand_on(link.id, "v@bodies.test", "V", "", at=NOW, settings=settings)
    with database.reading() as session:
        row = session.scalars(select(FocalPoint.id).filter_by(person_id=office.police.id)).one()
    answer_links.withdraw(row, by=office.coordinator, at=NOW)


def _publish(addressee: Addressee, by: Person) -> None:
    with database.reading():
        seq = published.spoken(addressee.id)[0][0].seq
    publication.publish(addressee.id, seq, by=by, at=NOW)
    publication.take_back(addressee.id, seq, by=by, at=NOW)


def _acts_on_others(office: Office) -> None:
    """What is decided of an earlier recommendation, one split in two, and reminders that leave at other times."""
    by, whole = office.coordinator, office.addressee("2023/3", "police")
    earlier = office.addressee("2018/36", "police").recommendation_id
    for is_same in (True, False):
        lineage.decide(whole.recommendation_id, earlier, is_same=is_same, by=by, at=NOW)
    lineage.take_back(whole.recommendation_id, earlier, by=by, at=NOW)
    theme = terms.add(office.issuer.id, TermKind.THEME, {"fr": "Victimes"}, by=by, at=NOW)
    terms.assign(whole.recommendation_id, [theme.id], by=by, at=NOW)
    with database.reading():
        asked = frozenset(row.addressee.id for row in addressees.of_recommendation(whole.recommendation_id, NOW.date()))
    splits.split(whole.recommendation_id, [Demand({"fr": one}, asked) for one in ("Un.", "Deux.")], by=by, at=NOW)
    with database.reading() as session:
        held = of_issuer(session, office.issuer.id)
    often = replace(held, usual=replace(held.usual, every=held.usual.every + 7))
    policies.change(office.issuer.id, often, seen=held.mark, by=by)


def _succession_acts(office: Office) -> None:
    """The police is split, shared out and made whole again; then a body that was held twice becomes one."""
    day, by, parts_of_it = NOW.date(), office.coordinator, ["parquet-federal", "magistrats"]
    with database.reading():
        split = successions.look("police", parts_of_it, day, is_merger=False, by=by, at=NOW).seen
    successions.enter("police", parts_of_it, day, seen=split, by=by, at=NOW)
    successions.assign("police", {office.addressee("2018/35", "police").id: "magistrats"}, by=by, at=NOW)
    successions.take_back("police", by=by, at=NOW)
    with database.reading():
        merger = successions.look("magistrats", ["parquet-federal"], day, is_merger=True, by=by, at=NOW).seen
    successions.merge("magistrats", "parquet-federal", seen=merger, by=by, at=NOW)


def _mail_acts(office: Office) -> None:
    with database.transaction() as session:
        mail = OutgoingMail(
            key="x", message_id="<x@x>", kind="digest", lane=1, recipient="x@bodies.test", language="fr", subject="x",
            issuer_id=office.issuer.id,
            content=b"x", content_digest="x", on_uncertain="hold", state="queued", attempts=1, uncertain_times=0,
            token=1, was_fenced=False, **dict.fromkeys(("created_at", "next_at", "expires_at"), BEGIN),
        )  # fmt: skip
        session.add(mail)
        session.flush()
        mail_id = mail.id
    outbox.hold(mail_id, by=office.coordinator)
    outbox.release(mail_id, by=office.coordinator)
    outbox.hold(mail_id, by=office.coordinator)
    outbox.resend(mail_id, by=office.coordinator)
    outbox.cancel(mail_id, by=office.coordinator)


def test_every_act_is_kept_with_who_when_and_from_where(office: Office, settings: Settings) -> None:
    before = len(rows())
    do_everything(office, settings)
    audit.record(Act.DENIED, ("page", "people.show"), status=404)
    audit.record(Act.FIGURES_COUNTED, as_of_on=NOW.date())
    audit.record(Act.BACKED_UP)

    found = rows()[before:]
    assert {row.act for row in rows()} == set(Act)
    assert {row.address for row in found} == {ADDRESS}
    assert {row.at for row in found} == {NOW}
    by_coordinator = {row.act for row in found if row.actor_id == office.coordinator.id}
    nobodys = {Act.SIGN_IN_REFUSED, Act.SIGNED_IN, Act.SIGNED_OUT, Act.DENIED, Act.FIGURES_COUNTED, Act.BACKED_UP}
    nobodys |= {Act.LINK_OPENED, Act.FORM_HANDED_ON}
    of_context = {
        Act.ALL_MAIL_HELD,
        Act.ALL_MAIL_RELEASED,
    }
    assert by_coordinator == {row.act for row in found} - nobodys - of_context


def test_every_act_has_its_sentence_in_every_language(office: Office, settings: Settings) -> None:
    assert set(audit_words.SENTENCES) == set(audit_words.LABELS) == set(Act)
    do_everything(office, settings)

    with database.reading():
        rights = of_people.rights(office.coordinator)
        told = of_audit.page(rights, of_audit.Wanted(), size=500).rows
    assert all(one.sentence and "%(" not in one.sentence + one.details for one in told)
    sentences = [f"{one.who} {one.sentence}" for one in told]
    assert "Coordination opened the round “Follow-up”" in sentences
    assert "Coordination assessed 2023/8 (Annual report 2023)" in sentences
    assert "Coordination added the body “Office”" in sentences


def test_an_act_that_is_refused_leaves_no_row(office: Office) -> None:
    before = len(rows())
    with pytest.raises(Refusal):
        focal_points.name("police", Contact("new@bodies.test", "", "fr"), NOW.date(), by=office.coordinator)
    with pytest.raises(NotAllowed):
        parts.set_(office.coordinator.id, {office.issuer.id: ""}, is_admin=False, by=office.coordinator)

    assert acts_since(before) == []


def test_what_somebody_wrote_is_not_doubled(office: Office) -> None:
    addressee = office.addressee("2023/8", "police")
    office.answer(addressee, office.police, at=NOW)
    entry = review.assess(
        addressee.id,
        Implementation.FULLY,
        "A secret reason.",
        seen=office.seen(addressee),
        by=office.coordinator,
        at=NOW,
    )

    last = rows()[-1]
    assert (last.act, last.ref, json.loads(last.facts)) == ("assessed", "myria-2023/2023-8", {"seq": entry.seq})
    assert "secret" not in "".join(row.facts for row in rows())


def test_an_answer_by_form_is_on_the_timeline_alone(office: Office) -> None:
    before = len(rows())
    office.answer(office.addressee("2023/8", "police"), office.police, at=NOW)

    assert acts_since(before) == []


def test_a_refused_sign_in_says_who_was_meant_and_keeps_no_unknown_address(office: Office, settings: Settings) -> None:
    for email in (office.police.email, "stranger@else.test"):
        with pytest.raises(NotAllowed):
            sign_in.enter(email, "000000", settings, at=NOW)

    meant, unknown = rows()[-2:]
    assert (meant.act, meant.kind, meant.ref) == ("sign_in_refused", "person", str(office.police.id))
    assert (unknown.act, unknown.ref, unknown.facts) == ("sign_in_refused", None, "{}")


def test_it_is_narrowed_by_person_act_and_days_and_paged(office: Office) -> None:
    for day in range(1, 5):
        clock.use(lambda day=day: datetime(2025, 1, day, 23, 30, tzinfo=UTC))  # past midnight in Brussels
        audit.record(Act.FIGURES_COUNTED, as_of_on=date(2025, 1, day))

    with database.reading():
        rights = of_people.rights(office.coordinator)

        def days(**narrowed: object) -> list[int]:
            wanted = of_audit.Wanted(act=Act.FIGURES_COUNTED, **narrowed)  # type: ignore[arg-type]
            return [clock.day_of(one.row.at).day for one in of_audit.page(rights, wanted).rows]

        assert days() == [5, 4, 3, 2]
        assert days(from_on=date(2025, 1, 3), until_on=date(2025, 1, 4)) == [4, 3]
        assert days(person_id=office.coordinator.id) == []
        first = of_audit.page(rights, of_audit.Wanted(act=Act.FIGURES_COUNTED), size=3)
        second = of_audit.page(rights, of_audit.Wanted(act=Act.FIGURES_COUNTED), size=3, after=first.next)
        assert [len(first.rows), len(second.rows), second.next] == [3, 1, None]


def test_of_several_issuers_each_reads_its_own(office: Office) -> None:
    with database.transaction() as session:
        session.add(Issuer(slug="unia", name="Unia"))
    other = people.add("coordination@unia.test", "Unia", "nl", coordinates="unia", from_on=BEGIN.date())
    admin = people.add("admin@myria.test", "Admin", "nl", is_admin=True, from_on=BEGIN.date())
    office.ask(at=NOW)

    def read(person: Person) -> set[str]:
        with database.reading():
            return {one.row.act for one in of_audit.page(of_people.rights(person), of_audit.Wanted(), size=500).rows}

    assert "round_opened" in read(office.coordinator) & read(admin)
    assert "round_opened" not in read(other)
    assert "focal_point_named" in read(other)


def test_the_database_keeps_rows_for_twelve_months_and_the_worker_lets_them_go(office: Office) -> None:
    clock.use(clock.wall)
    old = clock.wall() - timedelta(days=364)
    with database.transaction() as session:
        audit.note(session, Act.ALL_MAIL_HELD, at=old)
        audit.note(session, Act.ALL_MAIL_HELD, at=old - timedelta(days=2))
    with pytest.raises(DatabaseError), database.transaction() as session:
        session.execute(text("DELETE FROM audit WHERE act = 'all_mail_held'"))

    kept = len(rows()) - 1
    gone = audit.purge(clock.today())

    assert gone >= 1
    assert len([row for row in rows() if row.act == "all_mail_held"]) == 1
    assert len(rows()) <= kept
    assert audit.purge(clock.today()) == 0
