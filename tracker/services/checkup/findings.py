"""What one check found: a sentence about the installation, and what to do where something is wrong."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence of `tracker doctor`."""

    state: State
    sentence: str
    remedy: str = ""
    check: str = ""
    """The name of the check, the same from version to version."""

    def as_json(self) -> dict[str, str]:
        """The same for `--json`."""
        return {key: str(value) for key, value in asdict(self).items()}


def fine(sentence: str) -> Finding:
    """All is well."""
    return Finding(State.FINE, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(State.WARNING, sentence, remedy)


def wrong(sentence: str, remedy: str) -> Finding:
    """It does not work, or something may be lost."""
    return Finding(State.WRONG, sentence, remedy)
