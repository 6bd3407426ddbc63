"""What a mail address looks like: enough to catch a typing error, no more."""

import re

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def is_mail_address(address: str) -> bool:
    """Whether this could be one, in small letters."""
    return bool(_ADDRESS.fullmatch(address)) and len(address) <= 254
