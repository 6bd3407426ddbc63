"""Plain text: which encoding it is in, and what is no text at all."""

import codecs
import re
import unicodedata

from tracker.intake.refusals import Unreadable

LIMIT = 5 * 1024 * 1024
"""The largest text that is read, in bytes."""
_BOM = b"\xef\xbb\xbf"
_WESTERN = ["cp1252", "latin_1", "iso8859_15", "mac_roman", "cp850"]
"""What offices of the region have saved text in. Left to itself, detection takes French for Polish in short files."""
_GUESSED = ("utf-16", "utf-16-le", "utf-16-be", "latin_1")
_MORE = 2
"""Times as many longer letters as bytes that are no letter, at least, in UTF-8 with damage."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def text_of(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text of a file and the encoding it was in, or was said to be in; `Unreadable` where it is no plain text."""
    if len(content) > LIMIT:
        raise Unreadable("too_large_text")
    text, found = _strictly(content, _known(encoding)) if encoding else _decoded(content)
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > 10 + len(text) // 100:
        raise Unreadable("not_text")
    if not _INVISIBLE.sub("", text).strip():
        raise Unreadable("blank")
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff")), found


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise Unreadable("encoding") from None


def cleaned(text: str) -> tuple[str, bool]:
    """`text` without what cannot be seen, and whether control characters were among it."""
    visible = _INVISIBLE.sub("", text)
    clean = _CONTROL.sub("", visible)
    return clean, clean != visible


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16")
    if b"\x00" in content:
        # Without a mark, the place of the zeros of Western letters tells the order of the bytes.
        even, odd = content[0::2].count(0), content[1::2].count(0)
        if min(even, odd) * 10 < max(even, odd) and max(even, odd) * 3 > len(content) // 2:
            return _strictly(content, "utf-16-le" if odd > even else "utf-16-be")
        raise Unreadable("not_text")
    # Some programs put the mark of UTF-8 before text that is not UTF-8: the mark is dropped, the bytes decide.
    bare = content.removeprefix(_BOM)
    text = bare.decode("utf-8", "replace")
    return (text, "utf-8") if _is_utf8(bare, text) else _western(bare)


def _is_utf8(content: bytes, text: str) -> bool:
    """Whether bytes are UTF-8, but for a few that something damaged: its longer letters do not come about by chance."""
    lost = text.count("\ufffd") - content.count("\ufffd".encode())
    return lost <= 0 or sum(letter > "\x7f" for letter in text) - lost > _MORE * lost


def _strictly(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError):  # some codecs of Python make no text of bytes
        raise Unreadable("encoding" if encoding not in _GUESSED else "not_text") from None


def _western(content: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=_WESTERN).best()
    if best is None:
        return _strictly(content, "latin_1")
    # Where both say the same, the wider one is meant: it has the typographic apostrophes.
    encoding = "cp1252" if best.encoding in ("latin_1", "iso8859_15") and _fits(content, "cp1252") else best.encoding
    return content.decode(encoding), encoding


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
