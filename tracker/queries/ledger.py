"""The ledger, read: every reminder that was decided and every mail, with its outcome and its reason in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from tracker import database, language
from tracker.errors import NotFound
from tracker.language import N_, _
from tracker.models import MailAttempt, OutgoingMail, Person, Reminder
from tracker.queries import concerned
from tracker.queries.paging import SIZE

_END = 2**31 - 1
FILTERS = ("all", "waiting", "delivered", "not_sent", "failed")
_WAITING = ("queued", "leased", "held", "uncertain")
_NOT_SENT = ("cancelled", "superseded", "suppressed", "expired")

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
    "address_changed": N_("Sent to the new address instead"),
    "expired": N_("Too late to be of use"),
    "refused": N_("Refused by the mail server"),
    "gave_up": N_("Not taken by the mail server within three days"),
    "uncertain": N_("The mail server did not confirm: it may have arrived"),
    "not_composed": N_("The mail could not be written"),
    "restored": N_("Had not left when the backup was made: it may have left since"),
}
STEPS = {
    "ask": N_("First mail"),
    "before": N_("Announcement of the due date"),
    "due": N_("Reminder on the due date"),
    "overdue": N_("Reminder %(n)s after the due date"),
    "weekly": N_("Weekly digest"),
    "code": N_("Sign-in code"),
}


@dataclass(frozen=True)
class Row:
    """A mail, or reminders that were decided not to become one."""

    number: int
    """Of the mail, or of the reminder that was skipped."""
    at: datetime
    """When it was decided, in the product's time."""
    mail: OutgoingMail | None
    person: Person | None
    reminders: tuple[Reminder, ...]
    state: str
    """A state of a mail, or skipped."""
    why: str | None

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
        return sorted({one.addressee.body.name(language.current()) for one in self.reminders})

    @property
    def codes(self) -> list[str]:
        """The recommendations it is about."""
        recommendations = (one.addressee.recommendation for one in self.reminders)
        return sorted({one.code or one.address for one in recommendations})


def step_label(step: str) -> str:
    """A step of a ladder, or a kind of mail, in words."""
    name, _dash, n = step.partition("-")
    return _(STEPS[name], n=n) if name in STEPS else step


def _urgency(step: str) -> tuple[int, str]:
    return ("ask", "before", "due", "overdue").index(step.partition("-")[0]), step


@dataclass(frozen=True)
class Page:
    """A page of the ledger, the latest first."""

    rows: list[Row]
    next: str | None
    """The `after` of the next page."""


def page(show: str = "all", *, after: str = "", size: int = SIZE, issuer_ids: concerned.Issuers = None) -> Page:
    """One page of the ledger of these issuers. `show` is one of FILTERS; sign-in codes are left out.

    Mails and skips are two streams, each in the order of its numbers; `after` says how far both were read.
    """
    session = database.session()
    below_mail, below_skip = _read_until(after)
    issuer_ids = concerned.narrowed(session, issuer_ids)
    mails = select(OutgoingMail).where(OutgoingMail.kind != "code", _mail_filter(show), OutgoingMail.id < below_mail)
    mails = (
        mails.where(concerned.mail(issuer_ids))
        .options(selectinload(OutgoingMail.reminders))
        .order_by(OutgoingMail.id.desc())
        .limit(size + 1)
    )
    found = rows_of(session.scalars(mails).unique())
    skipped: list[Row] = []
    if show in ("all", "not_sent"):
        is_skip = Reminder.state == "skipped"
        skips = select(Reminder).where(is_skip, Reminder.id < below_skip, concerned.reminder(issuer_ids))
        skipped = _of_skips(session, session.scalars(skips.order_by(Reminder.id.desc()).limit(size + 1)))
    merged = list(islice(merge(found, skipped, key=lambda row: row.at, reverse=True), size + 1))
    rows = merged[:size]
    for row in rows:
        below_mail, below_skip = (row.number, below_skip) if row.mail else (below_mail, row.number)
    return Page(rows, f"{below_mail}-{below_skip}" if len(merged) > size else None)


def _read_until(after: str) -> tuple[int, int]:
    mail, _dash, skip = after.partition("-")
    return (int(mail), int(skip)) if mail.isdigit() and skip.isdigit() else (_END, _END)


def _mail_filter(show: str) -> ColumnElement[bool]:
    states = {"waiting": _WAITING, "delivered": ("accepted",), "not_sent": _NOT_SENT, "failed": ("failed",)}
    return OutgoingMail.state.in_(states[show]) if show in states else OutgoingMail.id > 0


def rows_of(mails: Iterable[OutgoingMail]) -> list[Row]:
    """Mails as rows of the ledger."""
    return [Row(one.id, one.created_at, one, one.person, tuple(one.reminders), one.state, one.why) for one in mails]


def _of_skips(session: Session, skips: Iterable[Reminder]) -> list[Row]:
    return [
        Row(
            one.id,
            one.planned_at,
            None,
            session.get(Person, one.person_id) if one.person_id else None,
            (one,),
            "skipped",
            one.why,
        )
        for one in skips
    ]


def of_addressee(addressee_id: int) -> list[Row]:
    """The mails and skips about one addressee, the latest first: for its timeline."""
    session = database.session()
    wanted = (Reminder.addressee_id == addressee_id) & Reminder.state.in_(("planned", "skipped"))
    reminders = session.scalars(select(Reminder).where(wanted).order_by(Reminder.id.desc())).all()
    mails: dict[int, OutgoingMail] = {one.outgoing_mail.id: one.outgoing_mail for one in reminders if one.outgoing_mail}
    by_mail: dict[int, list[Reminder]] = defaultdict(list)
    for one in reminders:
        by_mail[one.outgoing_mail_id or 0].append(one)
    rows = [
        Row(mail.id, mail.created_at, mail, mail.person, tuple(by_mail[mail.id]), mail.state, mail.why)
        for mail in mails.values()
    ]
    rows += _of_skips(session, [one for one in reminders if one.state == "skipped"])
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
