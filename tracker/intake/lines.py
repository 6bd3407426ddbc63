"""The lines of a document, as a person would number them, and what a line looks like on its own."""

import re

_HEADS = {
    "fr": ("destinataire", "destinataires", "destinataire(s)", "recommandation", "recommandations", "numéro"),
    "nl": (
        "geadresseerde", "geadresseerden", "bestemmeling", "bestemmelingen", "aanbeveling", "aanbevelingen", "nummer",
    ),
    "en": ("addressee", "addressees", "addressed to", "recommendation", "recommendations", "number"),
}  # fmt: skip
_HEAD_WORDS = {word for words in _HEADS.values() for word in words} | {"n°", "nr", "nr.", "no", "no.", "code"}
_LABEL = re.compile(
    r"(?:Destinataires?|DESTINATAIRES?|Geadresseerden?|Bestemmeling(?:en)?|Addressees?|Addressed to)"
    r"(?:\(s\))?\s*(?::|(?=\s|$))"
)
_CODE = re.compile(r"(?:[A-Z]{1,5}[ .-]?)?\d+(?:[./-]\d+)*[a-z]?")
_CODE_AND_SPACE = re.compile(r"(\d{4}/\d+[a-z]?)[.):]?(?:\s+|$)|(\d+(?:[./]\d+)+)[.):]?\s+(?=[^\W\d_a-z])")
_A_CODE = re.compile(
    r"(?:[A-Z]{1,6}[ ./-]?)?\d{1,4}(?:[./-]\d{1,4}){0,4}(?:[ .]?[a-z]{1,2})?(?:\([a-z]{1,4}\))?"
    r"|(?:[A-Z]{1,6}[./-])?[A-Z]\d{1,3}"
)
_NUMBERED = re.compile(
    r"(?i)^(?:recommendation|recommandation|aanbeveling|empfehlung|rec\.?|n[°o]\.?|nr\.?)\s*(?=\W*\d)"
)
_LEADING = re.compile(r"((?:[A-Z]{1,3}[.-]?)?\d{1,4}(?:[./]\d{1,4})+[a-z]?)[.):]?\s+(?=\S)")
_RECOMMEND = re.compile(r"(?i)\b(?:recommend|recommand|aanbevel|aanbeveling|aanbevolen|empfehl|empfiehl)")
_POINT = re.compile(r"(?:[-–—•·▪*‣◦]|\(?[a-z]{1,3}\)|\(\d{1,2}\)|[ivx]{1,4}[.)])\s")
_TITLE = re.compile(r"(?:Annexe?|ANNEXE?|Bijlage|BIJLAGE|Appendix|APPENDIX)\b[^.]{0,100}")
_PAGE = re.compile(r"(?:page|pagina|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_WORDS = {
    "fr": {"le", "la", "les", "des", "du", "et", "aux", "une", "dans", "pour", "par", "sur", "est", "que"},
    "nl": {"de", "het", "een", "van", "en", "in", "op", "voor", "met", "te", "zijn", "dat", "door", "bij"},
    "en": {"the", "of", "and", "to", "in", "for", "on", "by", "with", "that", "be", "is", "are", "should"},
}


def cut(text: str) -> list[str]:
    """The lines of `text`; the end of the last line begins no new one."""
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[:-1] if lines[-1] == "" else lines


def language_of(text: str) -> str:
    """The language a text is in, told by its small words; French where nothing tells."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    counts = {language: sum(word in small for word in words) for language, small in _WORDS.items()}
    return max(counts, key=lambda language: counts[language])


def cells(line: str) -> list[str]:
    """What stands between the tabs of a line."""
    return [cell.strip() for cell in line.split("\t")]


def code_and_rest(line: str) -> tuple[str, str] | None:
    """The code that begins a row, and the rest of the line; None where the line begins with no code."""
    first, tab, rest = line.partition("\t")
    code = first.strip().rstrip(".):")
    if tab and len(code) <= 30 and _CODE.fullmatch(code):
        return code, rest
    found = _CODE_AND_SPACE.match(line.strip())
    if found is None:
        return None
    return found[1] or found[2], line.strip()[found.end() :]


def is_code(cell: str) -> bool:
    """Whether a cell holds a code and nothing else."""
    return _A_CODE.fullmatch(code_in(cell)) is not None


def is_telling_code(cell: str) -> bool:
    """Whether a code could be nothing else: two numbers at least, or a letter and a number."""
    return is_code(cell) and re.search(r"\d[./-]\d|[A-Za-z].?\d", cell) is not None


def is_of_a_year(code: str | None) -> bool:
    """Whether a code is a number of a year, as 2023/11."""
    return code is not None and re.fullmatch(r"(?:19|20)\d\d/\d+[a-z]?", code) is not None


def code_in(cell: str) -> str:
    """The code in a cell of codes: without the word “Recommendation”, brackets and closing signs."""
    bare = _NUMBERED.sub("", " ".join(cell.split())).strip(" .:;)(")
    return bare + ")" if bare.count("(") > bare.count(")") else bare


def leading_code(text: str) -> tuple[str, str] | None:
    """The code that begins a wording, and the wording; None where none does."""
    found = _LEADING.match(text.lstrip())
    return (found[1], text.lstrip()[found.end() :]) if found else None


def speaks_of_recommendations(text: str) -> bool:
    """Whether a heading or a lead-in announces recommendations."""
    return _RECOMMEND.search(text) is not None


def paragraphs(parts: list[str]) -> str:
    """The lines of a wording as one text; bullets and lettered points stay on lines of their own."""
    grouped: list[list[str]] = []
    for part in (part.strip() for part in parts):
        if grouped and part and not _POINT.match(part):
            grouped[-1].append(part)
        elif part:
            grouped.append([part])
    return "\n".join(joined(group) for group in grouped)


def is_point(text: str) -> bool:
    """Whether a line is a bullet or a lettered point of what stands above it."""
    return _POINT.match(text) is not None


def are_column_heads(line: str) -> bool:
    """Whether every cell of the line is the head of a column."""
    filled = [cell for cell in cells(line) if cell]
    # A small letter would be the last word of a wrapped text.
    return bool(filled) and all(cell[0].isupper() and cell.lower().rstrip(" :") in _HEAD_WORDS for cell in filled)


def is_title(line: str) -> bool:
    """Whether the line is the title of an annex."""
    return "\t" not in line.strip() and _TITLE.fullmatch(line.strip()) is not None


def is_page_number(line: str) -> bool:
    """Whether the line has the number of a page and nothing else."""
    return len(line) < 40 and _PAGE.fullmatch(line.strip()) is not None


def is_in_capitals(line: str) -> bool:
    """Whether the line is a heading in capitals: two words at least, since one may be an abbreviation."""
    return len(line) <= 300 and line == line.upper() and len(re.findall(r"[^\W\d_]{2,}", line)) >= 2


def begins_in_the_middle(line: str) -> bool:
    """Whether the line goes on with what stands above it: a small letter, a bullet or a closing sign."""
    return re.match(r"\s*(?:[-–—•·▪*]\s|[,;:.)»]|[^\W\d_A-ZÀ-ÖØ-Þ])", line) is not None


def without_label(cell: str) -> str | None:
    """What follows the word “Addressees” at the beginning of a cell; None where it does not begin so."""
    found = _LABEL.match(cell)
    return cell[found.end() :].strip() if found else None


def at_label(text: str) -> tuple[str, str] | None:
    """A text and what follows the last “Addressees” in it, for rows that lost their columns."""
    last = None
    for found in _LABEL.finditer(text):
        last = found
    return (text[: last.start()].strip(), text[last.end() :].strip()) if last else None


def joined(parts: list[str], between: str = " ") -> str:
    """The parts of a wrapped text as one; a word that was divided keeps its hyphen and no space."""
    text = ""
    for part in (part.strip() for part in parts):
        if text and part:
            divided = re.fullmatch(r"[^\W\d_]-", text[-2:]) and re.match(r"[^\W\d_A-Z]", part)
            text += "" if divided else between
        text += part
    return re.sub(r"[ \t]+", " ", text)
