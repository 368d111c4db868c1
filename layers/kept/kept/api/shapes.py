"""The two kinds of shapes at the door. Their checks are built on first use: a function has many and uses few."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What comes in. A field that no route knows is refused: it is a mistake of the caller's."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Answer(BaseModel):
    """What goes out."""

    model_config = ConfigDict(defer_build=True)
