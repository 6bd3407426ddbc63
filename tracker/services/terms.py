"""Keeps the issuer's lists of themes, groups and priorities, and says which recommendations they are of."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from tracker.database import transaction
from tracker.domain.acts import Act
from tracker.domain.vocabulary import TermKind
from tracker.errors import NotFound, Refusal
from tracker.language import _
from tracker.models import Import, Person, Recommendation, RecommendationTerm, Section, Term, TermName
from tracker.queries import people, terms
from tracker.services import audit

LONGEST = 120
"""Letters of a name."""


def add(issuer_id: int, kind: TermKind, names: Mapping[str, str], *, by: Person, at: datetime) -> Term:
    """Put a new entry at the end of a list, with a name in one language at least."""
    with transaction() as session:
        if issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such issuer."))
        position = session.scalar(select(func.count(Term.id)).filter_by(issuer_id=issuer_id, kind=kind)) or 0
        term = Term(issuer_id=issuer_id, kind=kind, position=position)
        _name(session, term, names)
        session.add(term)
        session.flush()
        audit.note(session, Act.TERM_CHANGED, ("term", term.id), by=by, issuer_id=issuer_id, at=at)
        return term


def change(term_id: int, names: Mapping[str, str], *, is_ended: bool, by: Person, at: datetime) -> None:
    """Call an entry otherwise, have it end, or begin again. It stays on the recommendations that have it."""
    with transaction() as session:
        term = terms.term(term_id, people.rights(by).coordinates)
        term = session.get_one(Term, term.id)
        _name(session, term, names)
        term.ended_at = (term.ended_at or at) if is_ended else None
        audit.note(session, Act.TERM_CHANGED, ("term", term.id), by=by, issuer_id=term.issuer_id, at=at)


def _name(session: Session, term: Term, names: Mapping[str, str]) -> None:
    wanted = {language: " ".join(name.split()) for language, name in names.items() if name.strip()}
    if not wanted:
        raise Refusal(_("Give it a name in one language at least."))
    if any(len(name) > LONGEST for name in wanted.values()):
        raise Refusal(_("Keep the name within %(limit)s characters.", limit=LONGEST))
    others = terms.lists({term.issuer_id}, with_ended=True)[term.kind]
    taken = {(name.language, name.name.casefold()) for one in others if one.id != term.id for name in one.names}
    for language, name in wanted.items():
        if (language, name.casefold()) in taken:
            raise Refusal(_("“%(name)s” is in this list already.", name=name))
    kept = {name.language: name for name in term.names}
    for language in kept.keys() - wanted.keys():
        term.names.remove(kept[language])
    for language, name in wanted.items():
        if language in kept:
            kept[language].name = name
        else:
            term.names.append(TermName(language=language, name=name))


def assign(recommendation_id: int, term_ids: Collection[int], *, by: Person, at: datetime) -> None:
    """Say which themes and groups a recommendation is of, and its priority, in place of what was said before."""
    with transaction() as session:
        of = session.get(Recommendation, recommendation_id)
        if of is None or of.is_hidden or of.report.issuer_id not in people.rights(by).coordinates:
            raise NotFound(_("There is no such recommendation."))
        check(of.report.issuer_id, term_ids)
        session.execute(delete(RecommendationTerm).where(RecommendationTerm.recommendation_id == of.id))
        _insert(session, [(of.id, id_) for id_ in term_ids])
        about = ("recommendation", f"{of.report.slug}/{of.address}")
        audit.note(
            session, Act.TERMS_ASSIGNED, about, by=by, issuer_id=of.report.issuer_id, at=at, n=len(set(term_ids))
        )


def give(session: Session, import_: Import) -> None:
    """In the transaction that accepts: give the recommendations of an import what was planned in its review."""
    planned = terms.of_import(import_)
    if not planned:
        return
    put = select(Recommendation.id, Section.title).outerjoin(Recommendation.section).filter_by(import_id=import_.id)
    sections = dict(session.execute(put.where(~Recommendation.is_hidden)).all())
    rows = [
        (id_, term) for id_, section in sections.items() for of in {"", section or ""} for term in planned.get(of, ())
    ]
    _insert(session, rows)


def check(issuer_id: int, term_ids: Collection[int]) -> None:
    """Refuse what is not in the issuer's lists, and two priorities."""
    known = {one.id: one.kind for of_kind in terms.lists({issuer_id}, with_ended=True).values() for one in of_kind}
    if not set(term_ids) <= known.keys():
        raise NotFound(_("There is no such entry in your lists."))
    if sum(known[id_] is TermKind.PRIORITY for id_ in set(term_ids)) > 1:
        raise Refusal(_("A recommendation has one priority. Choose one, or none."))


def _insert(session: Session, rows: Iterable[tuple[int, int]]) -> None:
    found = [{"recommendation_id": id_, "term_id": term} for id_, term in sorted(set(rows))]
    if found:
        session.execute(insert(RecommendationTerm), found)
