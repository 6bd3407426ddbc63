"""`make messages`: collects the texts of the interface and compiles the translations. Also what the guard test asks.

Texts are English in code and templates. A translation that no longer has a text is dropped; one that is missing is
listed, and the guard test fails on it.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parents[1]
TRANSLATIONS = HERE / "tracker" / "translations"
TRANSLATED = ("fr", "nl")
_SOURCES = (
    (HERE / "tracker", [("**.py", "python")]),
    (HERE / "templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "translated": None,
    "translated_many": (1, 2),
    "_marked": None,
    "_marked_many": (1, 2),
}
"""Every function that is handed a text and translates it; a guard finds those that are missing here."""
_OPTIONS = {"trimmed": "true", "encoding": "utf-8"}


def _empty(language: str | None = None) -> Catalog:
    """A catalogue whose head says nothing that changes by itself, such as the hour of the last run."""
    return Catalog(
        locale=language,
        header_comment="# Texts of the interface. `make messages` keeps this file.",
        project="Répons",
        version="",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )


def collected() -> Catalog:
    """Every text of the interface as it stands in the sources now."""
    catalog = _empty()
    for folder, methods in _SOURCES:
        options = {pattern: dict(_OPTIONS) for pattern, method in methods if method == "jinja2"}
        for name, line, text, comments, context in extract_from_dir(
            folder, method_map=methods, options_map=options, keywords=KEYWORDS, comment_tags=()
        ):
            del line  # lines change with every edit; the file is enough to find a text
            catalog.add(text, None, [(f"{folder.name}/{name}", None)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str, ending: str = "po") -> Path:
    """The catalogue of a language, as text or compiled."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"messages.{ending}"


def catalogue(language: str) -> Catalog:
    """The translations of a language as they stand."""
    path = path_of(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str, template: Catalog) -> Catalog:
    """The translations of a language for the texts of `template` alone."""
    catalog, before = _empty(language), catalogue(language)
    for message in template:
        if message.id:
            known = before.get(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            has_same_forms = known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple)
            catalog.add(
                message.id,
                known.string if known is not None and has_same_forms else None,
                message.locations,
                message.flags,
                context=message.context,
            )
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The bytes that the product reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that have no translation."""
    return [str(message.id) for message in catalog if message.id and not _is_complete(message.string)]


def _is_complete(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str) or string is None else all(string)


def main() -> None:
    """Merge what was collected into each catalogue, compile it, and say what is missing."""
    template = collected()
    missing = 0
    for language in TRANSLATED:
        catalog = merged(language, template)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, no_location=False, ignore_obsolete=True)
        path_of(language, "mo").write_bytes(compiled(catalog))
        wanting = untranslated(catalog)
        missing += len(wanting)
        print(f"{language}: {len(catalog)} texts, {len(wanting)} without translation")
        for text in wanting:
            print(f"  {text}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
