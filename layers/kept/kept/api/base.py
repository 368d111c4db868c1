"""The two kinds of shapes at the door. Their checks are built on first use: a function has many and uses few."""

from pydantic import BaseModel, ConfigDict, Field


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
