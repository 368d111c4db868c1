"""The two kinds of shapes at the door. Their checks are built on first use: a function has many and uses few."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _no_yes_or_no(given: object) -> object:
    """True and false are numbers to Python alone. Raises ValueError."""
    if isinstance(given, bool):
        raise ValueError("Input should be a whole number")
    return given


Whole = Annotated[int, BeforeValidator(_no_yes_or_no)]


class Body(BaseModel):
    """What comes in. A field that no route knows is refused: it is a mistake of the caller's."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Revised(Body):
    """A setting: sent back with the `revision` it was read with it is not saved over a newer one; If-Match says the
    same."""

    revision: str = Field(default="", max_length=40)


class Answer(BaseModel):
    """What goes out."""

    model_config = ConfigDict(defer_build=True)
