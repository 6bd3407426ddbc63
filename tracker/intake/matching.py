"""From a name as an annex writes it to a body of the register: exact, by an alias, likely, or none."""

from tracker.intake.drafts import AddresseeDraft, Match
from tracker.intake.names import apart, key, without_abbreviation
from tracker.intake.register import Register, RegisterBody

_CLOSE_ENOUGH = 85
"""Of 100: a letter or two in a name of three words. Likely is never decided, only proposed."""
_LONGEST_COMPARED = 600
"""A longer one, qualifier included, is no name."""


def known(as_written: str, register: Register) -> AddresseeDraft | None:
    """The addressee that has this name or alias, with or without a qualifier behind it; None where none has."""
    whole = as_written.strip()
    if len(whole) > _LONGEST_COMPARED:
        return None
    name, qualifier = apart(whole)
    return _named(whole, None, register) or (_named(name, qualifier, register) if qualifier else None)


def rematch(as_written: str, register: Register) -> AddresseeDraft:
    """One addressee as typed or read: its qualifier apart, its body where one is known or likely."""
    return known(as_written, register) or _likely(*apart(as_written), register)


def _named(name: str, qualifier: str | None, register: Register) -> AddresseeDraft | None:
    for wanted in dict.fromkeys((key(name), key(without_abbreviation(name)))):
        if wanted in register.by_name:
            return _addressee(name, qualifier, register.by_name[wanted], "exact")
        if wanted in register.by_alias:
            return _addressee(name, qualifier, register.by_alias[wanted], "alias")
    return None


def _likely(name: str, qualifier: str | None, register: Register) -> AddresseeDraft:
    from rapidfuzz import fuzz, process

    if not 3 < len(name) <= _LONGEST_COMPARED:
        return _addressee(name, qualifier, None, "none")
    found = process.extractOne(key(name), register.keys, scorer=fuzz.token_sort_ratio, score_cutoff=_CLOSE_ENOUGH)
    if found is None:
        return _addressee(name, qualifier, None, "none")
    return _addressee(name, qualifier, register.by_name.get(found[0]) or register.by_alias[found[0]], "likely")


def _addressee(name: str, qualifier: str | None, body: RegisterBody | None, match: Match) -> AddresseeDraft:
    is_relay = body is not None and body.role == "relay"
    return AddresseeDraft(
        as_written=name,
        qualifier=qualifier,
        body=body.slug if body else None,
        match=match,
        role="relay" if is_relay else "implementer",
    )
