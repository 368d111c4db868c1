"""Which servers may be called that are not on the Internet: none. One machine has this file in another form."""


def is_allowed(host: str, port: int) -> bool:  # noqa: ARG001  # the other form asks for both
    return False
