"""Under which one name the spellings of a contact are counted, that nobody has more of them than there are people."""

IGNORE_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Where l.i and li are one mailbox, and both domains one."""


def counted_as(contact: str) -> str:
    """Of a normal number or address; an address without its tag (li+salon@…), for both come to the same mailbox.

    Some few providers deliver the tag elsewhere: then two people share what one may book.
    """
    name, at, domain = contact.rpartition("@")
    if not at:
        return contact
    name = name.partition("+")[0] or name
    if domain in IGNORE_DOTS:
        return f"{name.replace('.', '')}@gmail.com"
    return f"{name}@{domain}"
