"""What an owner wants the figures to be, and whether they are sent them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureRules:
    """Shares in per cent, None for no target: of those expected so many are to come, of the visits so many are to be
    confirmed, of the hours so many filled, of the promises about follow-ups so many kept. `letter`: on Monday mornings
    the business's own address gets five of them in a letter.
    """

    came: int | None = None
    confirmed: int | None = None
    fill: int | None = None
    attainment: int | None = None
    letter: bool = False
