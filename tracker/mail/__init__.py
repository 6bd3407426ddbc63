"""Facts become bytes, and bytes are handed to a mail server."""
