"""The languages of the product: texts, dates and plurals, with or without a request.

English texts are the keys; `translations/` holds French and Dutch. The language in use belongs to the
running thread or request, so that one worker writes mails in three languages.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

LANGUAGES = ("fr", "nl", "en")
NAMES = {"fr": "Français", "nl": "Nederlands", "en": "English"}
_FOLDER = Path(__file__).parent / "translations"
_current: ContextVar[str] = ContextVar("language", default="en")


def current() -> str:
    """The code of the language in use."""
    return _current.get()


def use(language: str) -> None:
    """Speak `language` from now on in this request or thread; an unknown one becomes English."""
    _current.set(language if language in LANGUAGES else "en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block."""
    token = _current.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _current.reset(token)


def catalogue_file(language: str) -> Path:
    """Where the compiled translations into a language lie."""
    return _FOLDER / language / "LC_MESSAGES" / "messages.mo"


@cache
def _catalogue(language: str) -> NullTranslations:
    path = catalogue_file(language)
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def _(text: str, **values: object) -> str:
    """`text` in the language in use, with its `%(name)s` filled."""
    found = _catalogue(current()).gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """`one` or `many` by the plural rule of the language in use; `%(n)s` is the number, small ones as words."""
    found = _catalogue(current()).ngettext(one, many, n)
    return found % {"n": number(n), "words": in_words(n), **values}


def pgettext(context: str, text: str) -> str:
    """`text` in the sense told by `context`: one English word may be two French ones."""
    return _catalogue(current()).pgettext(context, text)


def N_(text: str) -> str:  # noqa: N802  # the name that collectors of messages know
    """Marks a text for translation that is looked up later."""
    return text


def number(n: int) -> str:
    """A count as figures, grouped as the language does."""
    from babel.numbers import format_decimal

    return str(n) if -10_000 < n < 10_000 else str(format_decimal(n, locale=_locale()))


def _locale() -> str:
    """The conventions of dates and numbers: in English those of Europe, where the day comes first."""
    return "en_GB" if current() == "en" else current()


def order_of(name: str) -> str:
    """The place of a name among others: letters with accents stand with the plain ones, capitals with small ones."""
    apart = normalize("NFKD", name.replace("œ", "oe").replace("Œ", "Oe"))
    return "".join(letter for letter in apart if not combining(letter)).casefold()


_QUOTES = {"en": ("“", "”"), "fr": ("«\u00a0", "\u00a0»"), "nl": ("‘", "’")}


def language_names(codes: Iterable[str]) -> str:
    """Languages by their names inside a sentence, joined by “and”."""
    from babel import Locale
    from babel.lists import format_list

    names = Locale.parse(_locale()).languages
    return str(format_list([names.get(code, code) for code in sorted(codes)], locale=_locale()))


def listed(names: Iterable[str]) -> str:
    """Names inside a sentence, joined by “and”."""
    from babel.lists import format_list

    return str(format_list(list(names), locale=_locale()))


def only_in(codes: Iterable[str]) -> str:
    """That a text exists in these languages and not in the one in use; nothing where it does."""
    there = set(codes)
    if not there or current() in there:
        return ""
    return _("This text exists in %(languages)s only.", languages=language_names(there))


def sign(mark: str) -> str:
    """A colon or semicolon behind a word; French sets a no-break space before it."""
    return f"\u00a0{mark}" if current() == "fr" else mark


def quoted(text: str) -> str:
    """`text` in the quotation marks of the language in use."""
    opening, closing = _QUOTES[current()]
    return f"{opening}{text}{closing}"


_WORDS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "fr": ("aucune", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    "nl": ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
}


def in_words(n: int) -> str:
    """Numbers under ten as words (feminine in French), as inside a sentence; figures from ten on."""
    return _WORDS[current()][n] if 0 <= n < 10 else number(n)


def day(value: date, style: str = "long") -> str:
    """A date: `long` 1 September 2026, `medium` 1 Sept 2026, `short` without its year."""
    from babel.dates import format_date, format_skeleton

    if style == "short":
        text = format_skeleton("MMMd", value, locale=_locale())
    else:
        text = format_date(value, format=style, locale=_locale())
    return f"1er{text[1:]}" if current() == "fr" and text.startswith("1 ") else str(text)


def weekday(value: date) -> str:
    """The day of the week and the date without its year."""
    from babel.dates import format_date

    pattern = "EEEE d'er' MMMM" if current() == "fr" and value.day == 1 else "EEEE d MMMM"
    return str(format_date(value, format=pattern, locale=_locale()))


def moment(value: datetime, timezone: str) -> str:
    """A date without its year and the time of day, as on clocks in `timezone`."""
    from babel.dates import format_time

    local = value.astimezone(ZoneInfo(timezone))
    return f"{day(local.date(), 'short')} {format_time(local, format='short', locale=_locale())}"


def moment_with_year(value: datetime, timezone: str) -> str:
    """A date and the time of day, as on clocks in `timezone`."""
    return f"{day(value.astimezone(ZoneInfo(timezone)).date())}, {time_of_day(value, timezone)}"


def time_of_day(value: datetime, timezone: str) -> str:
    """Hours and minutes, as on clocks in `timezone`."""
    from babel.dates import format_time

    return str(format_time(value.astimezone(ZoneInfo(timezone)), format="short", locale=_locale()))


def clock_time(value: datetime, timezone: str) -> str:
    """Hours and minutes as a form holds them, in every language: 08:00."""
    return value.astimezone(ZoneInfo(timezone)).strftime("%H:%M")


def translated(text: str, **values: object) -> Markup:
    """`text` in the language in use, as markup: our texts may hold some, the values put into them are escaped."""
    return Markup(_(text, **{name: escape(value) for name, value in values.items()}))  # noqa: S704


def translated_many(one: str, many: str, n: int, **values: object) -> Markup:
    """`one` or `many`, with the same care for values."""
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(ngettext(one, many, n, **escaped))  # noqa: S704
