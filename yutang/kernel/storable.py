"""Text from outside made fit for a column: what a database cannot hold goes, and what is too long is cut."""


def storable(text: str, limit: int) -> str:
    """The text without NUL and lone surrogates, at most `limit` characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8", "ignore")[:limit]
