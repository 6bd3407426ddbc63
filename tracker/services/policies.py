"""Changing when an issuer reminds."""

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.domain.policies import is_sound
from tracker.errors import NotAllowed, NotFound
from tracker.language import _
from tracker.models import Issuer, Person, QuietPeriod, TypePolicy
from tracker.queries import people
from tracker.queries.policies import Policies, of_issuer
from tracker.services import audit


def change(issuer_id: int, wanted: Policies, *, seen: str, by: Person) -> None:
    """Remind by other policies from the next minute on; `seen` is the mark of those that were looked at."""
    with transaction() as session:
        issuer = session.get(Issuer, issuer_id, with_for_update=True)
        if issuer is None or issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such page, or it is not yours to see."))
        before = of_issuer(session, issuer_id)
        if before.mark != seen:
            raise NotAllowed(_("Somebody else changed this meanwhile. Look at what holds now, and change it again."))
        usual = wanted.usual
        if not is_sound(usual.quiet):
            raise NotAllowed(_("Quiet periods end after they begin and are shorter than three months."))
        if wanted.mark == before.mark:
            return
        issuer.remind_before, issuer.remind_every, issuer.remind_at_most = (
            _kept(usual.before),
            usual.every,
            usual.at_most,
        )
        issuer.send_at, issuer.holidays = usual.send_at.strftime("%H:%M"), usual.country
        issuer.type_policies, issuer.quiet_periods = [], []
        session.flush()  # what had the same key goes first
        issuer.type_policies = [
            TypePolicy(type=code, remind_before=_kept(one.before), remind_every=one.every, remind_at_most=one.at_most)
            for code, one in wanted.of_type.items()
        ]
        issuer.quiet_periods = [QuietPeriod(from_on=one.from_on, to_on=one.to_on) for one in usual.quiet]
        audit.note(session, Act.POLICY_CHANGED, by=by, issuer_id=issuer_id)


def _kept(days: tuple[int, ...]) -> str:
    return ",".join(str(day) for day in days)
