"""Themes, groups and priorities of issuers, and those of recommendations."""

import json
from collections import Counter
from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from tracker import database
from tracker.domain.vocabulary import TermKind
from tracker.errors import NotFound
from tracker.language import _
from tracker.models import Import, RecommendationTerm, Term

Lists = Mapping[TermKind, list[Term]]


def lists(issuer_ids: Collection[int], *, with_ended: bool = False) -> Lists:
    """The lists of issuers in their order, each kind, also one that is empty."""
    found = select(Term).where(Term.issuer_id.in_(issuer_ids)).order_by(Term.position, Term.id)
    if not with_ended:
        found = found.where(Term.ended_at.is_(None))
    terms = database.session().scalars(found).all()
    return {kind: [one for one in terms if one.kind is kind] for kind in TermKind}


def of_recommendation(recommendation_id: int) -> Lists:
    """What a recommendation is of, with what has ended since."""
    joined = select(Term).join(RecommendationTerm, RecommendationTerm.term_id == Term.id)
    of_it = joined.where(RecommendationTerm.recommendation_id == recommendation_id)
    terms = database.session().scalars(of_it.order_by(Term.position, Term.id)).all()
    return {kind: [one for one in terms if one.kind is kind] for kind in TermKind}


def term(term_id: int, issuer_ids: Collection[int]) -> Term:
    """One of these issuers' terms."""
    found = database.session().get(Term, term_id)
    if found is None or found.issuer_id not in issuer_ids:
        raise NotFound(_("There is no such entry in your lists."))
    return found


def uses(issuer_ids: Collection[int]) -> Counter[int]:
    """How many recommendations each term of issuers has."""
    counted = select(RecommendationTerm.term_id, func.count()).join(Term, Term.id == RecommendationTerm.term_id)
    rows = database.session().execute(
        counted.where(Term.issuer_id.in_(issuer_ids)).group_by(RecommendationTerm.term_id)
    )
    return Counter(dict(rows.all()))


def of_import(import_: Import) -> dict[str, list[int]]:
    """The ids of terms that an import is to give: by the title of a section, and under an empty one to everything."""
    return dict(json.loads(import_.terms)) if import_.terms else {}
