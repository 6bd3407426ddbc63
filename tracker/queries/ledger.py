"""The ledger, read: every reminder that was decided and every mail, with its outcome and its reason in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, database, language
from tracker.errors import NotFound
from tracker.language import N_, _
from tracker.models import Body, MailAttempt, OutgoingMail, Person, Reminder, StandingRow
from tracker.queries import concerned
from tracker.queries.portions import portions

STATES = {
    "queued": N_("Waiting"),
    "leased": N_("On its way"),
    "accepted": N_("Delivered"),
    "failed": N_("Failed"),
    "uncertain": N_("Uncertain"),
    "held": N_("Held"),
    "cancelled": N_("Not sent"),
    "superseded": N_("Replaced"),
    "suppressed": N_("Not sent"),
    "expired": N_("Expired"),
    "skipped": N_("Not sent"),
}
REASONS = {
    "no_focal_point": N_("No focal point"),
    "held": N_("Mail is held until someone releases it"),
    "answered": N_("Answered in the meantime"),
    "withdrawn": N_("Withdrawn in the meantime"),
    "throttled": N_("Written to less than seven days before, or already today"),
    "suppressed": N_("The address was refused for good"),
    "quiet": N_("Waits for a working day or the hour of sending"),
    "due_moved": N_("The due date was moved"),
    "reassigned": N_("No longer a focal point of this body"),
    "newer": N_("A newer reminder takes its place"),
    "disabled": N_("The person no longer has access"),
    "address_changed": N_("The address changed"),
    "expired": N_("Too late to be of use"),
    "refused": N_("Refused by the mail server"),
    "bounced": N_("Came back: the mailbox did not take it"),
    "gave_up": N_("Not taken by the mail server within three days"),
    "uncertain": N_("The mail server did not confirm: it may have arrived"),
    "not_composed": N_("The mail could not be written"),
    "nothing_to_say": N_("There was nothing to say"),
    "restored": N_("Had not left when the backup was made: it may have left since"),
    "by_hand": N_("Cancelled by a coordinator"),
    "needless": N_("No longer needed"),
    "left": N_("Left as it is by a coordinator: it may have arrived"),
}
STEPS = {
    "ask": N_("First mail"),
    "moved": N_("New due date"),
    "before": N_("Announcement of the due date"),
    "due": N_("Reminder on the due date"),
    "overdue": N_("Reminder after the due date"),
    "weekly": N_("Weekly digest"),
    "code": N_("Sign-in code"),
    "link": N_("Answer link"),
    "receipt": N_("Receipt"),
}


@dataclass(frozen=True)
class Row:
    """A mail, or reminders that were decided not to become one."""

    number: int
    """Of the mail, or of the reminder that became none."""
    at: datetime
    """When it was decided, in the product's time."""
    mail: OutgoingMail | None
    person: Person | None
    reminders: tuple[Reminder, ...]
    state: str
    """A state of a mail, or skipped or superseded of a reminder that became none."""
    why: str | None
    acting: Mapping[int, Body]
    """The body that acted when each reminder was decided, by the reminder's number."""

    @property
    def state_label(self) -> str:
        return _(STATES[self.state])

    @property
    def reason(self) -> str:
        """Why, in words; what the mail server said follows where it said something."""
        said = f"{self.mail.smtp_code or ''} {self.mail.smtp_text or ''}".strip() if self.mail and self.why else ""
        return " – ".join(part for part in (_(REASONS.get(self.why, self.why)) if self.why else "", said) if part)

    @property
    def subject(self) -> str:
        """What the mail is."""
        if self.reminders:
            return step_label(max((one.step for one in self.reminders), key=_urgency))
        return step_label(self.mail.kind if self.mail else "")

    @property
    def bodies(self) -> list[str]:
        """The bodies it is about, in the language in use."""
        named = {self.acting[one.id].name(language.current()) for one in self.reminders}
        return sorted(named, key=language.order_of)

    @property
    def codes(self) -> list[str]:
        """The recommendations it is about."""
        recommendations = (one.addressee.recommendation for one in self.reminders)
        return sorted({one.code or one.address for one in recommendations})


def step_label(step: str) -> str:
    """A step of a ladder, or a kind of mail, in words; not which rung: those before it may never have left."""
    name = step.partition("-")[0]
    return _(STEPS[name]) if name in STEPS else step


def _urgency(step: str) -> tuple[int, str]:
    return ("ask", "moved", "before", "due", "overdue").index(step.partition("-")[0]), step


def rows_of(mails: Iterable[OutgoingMail]) -> list[Row]:
    """Mails as rows of the ledger."""
    found = list(mails)
    acting = _acting(database.session(), [one for mail in found for one in mail.reminders])
    return [_row(one, one.reminders, acting) for one in found]


def _acting(session: Session, reminders: Collection[Reminder]) -> dict[int, Body]:
    """The body that acted on the day on which each of these was decided; who was addressed where none did."""
    standings: dict[int, list[tuple[StandingRow, Body]]] = defaultdict(list)
    for ids in portions(one.addressee_id for one in reminders):
        of_them = select(StandingRow, Body).join(Body, Body.id == StandingRow.body_id)
        for standing, body in session.execute(of_them.where(StandingRow.addressee_id.in_(ids))):
            standings[standing.addressee_id].append((standing, body))
    return {one.id: _acting_on(clock.day_of(one.planned_at), one, standings[one.addressee_id]) for one in reminders}


def _acting_on(day: date, reminder: Reminder, standings: Iterable[tuple[StandingRow, Body]]) -> Body:
    held = (body for one, body in standings if one.from_on <= day and (one.until_on is None or one.until_on > day))
    return next(held, reminder.addressee.body)


def _row(mail: OutgoingMail, reminders: Iterable[Reminder], acting: Mapping[int, Body]) -> Row:
    """One that is held because it may have arrived is told as uncertain."""
    is_uncertain = mail.state == "held" and mail.why == "uncertain"
    state = "uncertain" if is_uncertain else mail.state
    return Row(mail.id, mail.created_at, mail, mail.person, tuple(reminders), state, mail.why, acting)


def rows_of_decisions(session: Session, decisions: Iterable[Reminder]) -> list[Row]:
    """Reminders that became no mail as rows of the ledger."""
    found = list(decisions)
    return _rows_of_decisions(session, found, _acting(session, found))


def _rows_of_decisions(session: Session, decisions: Iterable[Reminder], acting: Mapping[int, Body]) -> list[Row]:
    return [
        Row(
            one.id,
            one.planned_at,
            None,
            session.get(Person, one.person_id) if one.person_id else None,
            (one,),
            one.state,
            one.why or "newer",
            acting,
        )
        for one in decisions
    ]


def of_addressees(addressee_ids: Collection[int]) -> dict[int, list[Row]]:
    """The mails about each addressee and the reminders that became none, the latest first: for its timeline.

    Steps that a newer one passed over stand in the ledger alone.
    """
    session = database.session()
    wanted = Reminder.addressee_id.in_(addressee_ids) & (Reminder.state != "superseded")
    reminders: dict[int, list[Reminder]] = {one: [] for one in addressee_ids}
    for one in session.scalars(select(Reminder).where(wanted).order_by(Reminder.id.desc())):
        reminders[one.addressee_id].append(one)
    acting = _acting(session, [one for found in reminders.values() for one in found])
    return {addressee_id: _of(session, found, acting) for addressee_id, found in reminders.items()}


def _of(session: Session, reminders: list[Reminder], acting: Mapping[int, Body]) -> list[Row]:
    mails = {one.outgoing_mail.id: one.outgoing_mail for one in reminders if one.outgoing_mail}
    by_mail: dict[int, list[Reminder]] = defaultdict(list)
    for one in reminders:
        by_mail[one.outgoing_mail_id or 0].append(one)
    rows = [_row(mail, by_mail[mail.id], acting) for mail in mails.values()]
    rows += _rows_of_decisions(session, [one for one in reminders if one.state == "skipped"], acting)
    return sorted(rows, key=lambda row: (row.at, row.number), reverse=True)


def mail(mail_id: int, issuer_ids: concerned.Issuers = None) -> tuple[OutgoingMail, list[MailAttempt]]:
    """One mail of these issuers with its attempts, in order. A sign-in code is nobody's to read."""
    session = database.session()
    is_theirs = concerned.mail(concerned.narrowed(session, issuer_ids))
    found = session.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id, is_theirs))
    if found is None or found.kind == "code":
        raise NotFound(_("There is no such mail."))
    of_mail = select(MailAttempt).filter_by(outgoing_mail_id=mail_id).order_by(MailAttempt.number)
    return found, list(session.scalars(of_mail))
