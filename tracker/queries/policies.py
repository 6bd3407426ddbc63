"""How each issuer reminds each type of body."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker import database
from tracker.domain.policies import Policy, Quiet
from tracker.domain.vocabulary import BodyType
from tracker.models import Body, Issuer


@dataclass(frozen=True)
class Policies:
    """The policies of one issuer."""

    usual: Policy
    of_type: Mapping[BodyType, Policy]
    """Of the types of body that are reminded otherwise."""

    def of(self, type_: BodyType) -> Policy:
        """How bodies of a type are reminded."""
        return self.of_type.get(type_, self.usual)

    @property
    def mark(self) -> str:
        """Tells these policies from any others."""
        types = sorted((code.value, policy) for code, policy in self.of_type.items())
        return sha256(repr((self.usual, types)).encode()).hexdigest()[:16]


ByIssuer = Mapping[int, Policies]


def by_issuer(session: Session) -> dict[int, Policies]:
    """The policies of every issuer, by its number."""
    whole = select(Issuer).options(selectinload(Issuer.type_policies), selectinload(Issuer.quiet_periods))
    return {issuer.id: _of(issuer) for issuer in session.scalars(whole)}


def of_issuer(session: Session, issuer_id: int) -> Policies:
    """The policies of one issuer."""
    return _of(session.get_one(Issuer, issuer_id))


def _of(issuer: Issuer) -> Policies:
    usual = Policy(
        _days(issuer.remind_before),
        issuer.remind_every,
        issuer.remind_at_most,
        time.fromisoformat(issuer.send_at),
        issuer.holidays,
        tuple(Quiet(one.from_on, one.to_on) for one in issuer.quiet_periods),
    )
    return Policies(
        usual,
        {
            one.type: replace(
                usual, before=_days(one.remind_before), every=one.remind_every, at_most=one.remind_at_most
            )
            for one in issuer.type_policies
        },
    )


def here(issuer_id: int) -> tuple[Policies, list[BodyType]]:
    """The policies of an issuer, and the types that bodies of the register have, in their usual order."""
    session = database.session()
    found = set(session.scalars(select(Body.type).distinct()))
    return of_issuer(session, issuer_id), [one for one in BodyType if one in found]


def supposing(issuer_id: int, wanted: Policies) -> ByIssuer:
    """The policies of every issuer as if one had changed its own."""
    return by_issuer(database.session()) | {issuer_id: wanted}


def _days(kept: str) -> tuple[int, ...]:
    """Days before the due date, as they are kept: “30,7,0”."""
    return tuple(int(day) for day in kept.split(",") if day)
