"""The picture of one page of a PDF, drawn in the child that reads documents."""

import io
import time

from tracker.intake import child
from tracker.intake.refusals import Unreadable

LARGEST = 200_000
"""Bytes of a picture."""
_WIDTH, _HEIGHT = 900, 1_400
"""Pixels at most."""
_QUALITIES = (70, 50, 30, 10)
_SECONDS = 15.0


def draw(content: bytes, number: int) -> bytes:
    """Page `number` of a PDF, from 1, as WebP; `Unreadable` where there is none, or it takes too long."""
    until = time.monotonic() + _SECONDS

    def tell(_done: int, _of: int, _unit: str) -> None:
        if time.monotonic() > until:
            raise Unreadable("too_slow")

    picture = child.run(["sheet", str(number)], content, progress=tell)
    if not picture:
        raise Unreadable("damaged")
    return picture


def picture_of(content: bytes, number: int) -> bytes:
    """The same without a process of its own: what the child does."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if not 1 <= number <= len(document):
        return b""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1), 3.0)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    drawn = b""
    for quality in _QUALITIES:
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality)
        drawn = file.getvalue()
        if len(drawn) <= LARGEST:
            break
    return drawn
