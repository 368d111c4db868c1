"""The picture that stands beside a business's name: what is taken for one, told by its bytes and never by its name."""

from kept.business.refusals import NoPicture, PictureTooLarge

MOST = 200 * 1024
"""Bytes; one item of DynamoDB holds it in text."""
KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
RUNS = (b"<script", b"<svg", b"<html", b"<?xml", b"<!doctype", b"javascript:")
"""What a browser might be talked into running; no picture of these kinds has to hold it."""


def kind_of(content: bytes) -> str:
    """Whole from its first byte to its last, of a kind that runs nowhere. Raises NoPicture, PictureTooLarge."""
    if len(content) > MOST:
        raise PictureTooLarge(largest=MOST)
    kind = _kind(content)
    if not kind or any(sign in content.lower() for sign in RUNS):
        raise NoPicture
    return kind


def _kind(content: bytes) -> str:
    if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR" and content[-8:-4] == b"IEND":
        return "png"
    if content[:3] == b"\xff\xd8\xff" and content[-2:] == b"\xff\xd9":
        return "jpg"
    if (
        content[:4] == b"RIFF"
        and content[8:12] == b"WEBP"
        and int.from_bytes(content[4:8], "little") == len(content) - 8
    ):
        return "webp"
    return ""
