"""What else moves when a body turns out to be another one: the people who answer for it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.acts import Act
from tracker.models import Body, FocalPoint, Person, Succession
from tracker.queries.succession_previews import lasting_focal_points
from tracker.services import audit, focal_points


def move_people(session: Session, former: Body, kept: Body, today: date, *, by: Person) -> None:
    """Whoever answers for the body that goes answers for the one that stays, from today."""
    for row in lasting_focal_points(session, former.id, today):
        from_on = max(row.from_on, today)
        if not focal_points.answers(session, row.person, kept.slug, from_on):
            focal_points.begin(session, row.person, kept.slug, from_on, by=by).until_on = row.until_on
        _end(session, row, today, by)


def move_people_back(session: Session, merger: Succession, today: date, *, by: Person) -> None:
    """Whoever came with the body that is of its own again goes back with it; whoever was named since stays."""
    kept = merger.successors[0]
    moved = select(FocalPoint).filter_by(body_id=merger.former_id, until_on=merger.from_on)
    for row in session.scalars(moved).all():
        of_person = select(FocalPoint).filter_by(body_id=kept.id, person_id=row.person_id, from_on=merger.from_on)
        came = session.scalar(of_person)
        if not focal_points.answers(session, row.person, merger.former.slug, today):
            row.until_on = came.until_on if came else None
            session.flush()
        if came is not None and (came.until_on is None or came.until_on > today):
            _end(session, came, today, by)


def _end(session: Session, row: FocalPoint, today: date, by: Person) -> None:
    if row.from_on >= today:
        session.delete(row)  # nobody was written to before today
    else:
        row.until_on = today
    session.flush()
    about = ("body", row.body.slug)
    audit.note(session, Act.FOCAL_POINT_ENDED, about, by=by, person=row.person_id, until_on=today)
