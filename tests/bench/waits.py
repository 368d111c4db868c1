"""What walk-ins are told on 220 simulated days, beside the usual rules and the day's page as it is planned."""

from collections.abc import Iterator

from tests.bench.figure import Figure
from tests.simulated_days import ORACLE, PLAYED, REFERENCES, WORLDS, measured, waits

DAYS, SEED = 220, 7


def rows() -> Iterator[Figure]:
    for name, world in WORLDS.items():
        found = measured(list(waits(world, days=DAYS, seed=SEED)))
        best, error = found.best
        ours = found.errors[PLAYED]
        others = ", ".join(f"{found.errors[it]:.1f} {it}" for it in REFERENCES)
        floor = found.errors[ORACLE]
        what = f"mean error, {found.waits:,} walk-ins, {name}"
        yield Figure(what, f"{ours:.1f} min ({ours / error:.2f} x {best})", others, "≤ 0.5 x, where an oracle can")
        least = f"{ours / floor:.2f} x {ORACLE}: {floor:.1f} min"
        yield Figure("  the least that can be", least, f"{floor / error:.2f} x {best}", "≤ 1.05 x")
        yield Figure("  true as told", f"{found.within:.0%}, {found.width:.0f} min wide", "80%", "75 to 85%")
        yield Figure("  more than 10 min longer than told", f"{found.longer:.1%}", "", "< 10%")
        yield Figure("  one estimate of the whole queue", f"{found.milliseconds:.1f} ms")
