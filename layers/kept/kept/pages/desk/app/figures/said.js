/** Numbers as people read them: money, shares with what they are of, spans, and how much they changed. */

import { digits } from "desk/amounts";
import { dayShort, lasting } from "desk/when";
import { language, many, named, t } from "desk/words";

/** @param {number} n */
export const count = (n) => new Intl.NumberFormat(language.value).format(n);

/** @param {number | null} ratio */
export const percent = (ratio) => (ratio === null ? "–" : new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 0 }).format(ratio));

/** @param {number} minor @param {string} currency without its small coins */
export const money = (minor, currency) => new Intl.NumberFormat(language.value, { style: "currency", currency, maximumFractionDigits: 0 }).format(minor / 10 ** digits(currency));

/** @param {number} minutes */
export const hours = (minutes) => many("when.hours", Math.round(minutes / 60));

/** In points of a hundred. @param {number} change */
export const points = (change) => new Intl.NumberFormat(language.value, { maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(change * 100);

/** @param {{first_day: string, last_day: string}} it */
export const days = (it) => (it.first_day === it.last_day ? dayShort(it.first_day) : `${dayShort(it.first_day)} – ${dayShort(it.last_day)}`);

/** One of a group by its name, or by the words for what has none. @param {string} group @param {{id: string, name: string | null}} it */
export function called(group, it) {
  if (it.name) return it.name;
  if (!it.id) return named("figures_none", group);
  return group === "channel" ? named("channel", it.id) : group === "source" ? named("booked_by", it.id) : group === "tier" ? named("tier", it.id) : it.id;
}

/** The value of a figure among some numbers, ready to be drawn: a share in per cent, else a count. @param {string} figure @param {Record<string, any>} numbers @returns {number | null} */
export function value(figure, numbers) {
  const it = numbers[figure];
  if (it === null || typeof it === "number") return it;
  return it.ratio === null ? null : it.ratio * 100;
}

/** @param {string} figure @param {Record<string, any>} numbers @param {string} currency */
export function shown(figure, numbers, currency) {
  const it = numbers[figure];
  if (it === null) return "–";
  if (typeof it === "number") return figure === "revenue" ? money(it, currency) : figure === "lead" ? lasting(it) : figure === "satisfaction" ? new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }).format(it) : count(it);
  return percent(it.ratio);
}

/** What it is of: "41 of 52". @param {string} figure @param {Record<string, any>} numbers */
export function of(figure, numbers) {
  const it = numbers[figure];
  if (figure === "satisfaction") return t("figures.of", { part: count(numbers.rated.part), whole: count(numbers.rated.whole) });
  if (it === null || typeof it === "number") return "";
  return figure === "fill" ? t("figures.of", { part: hours(it.part), whole: hours(it.whole) }) : t("figures.of", { part: count(it.part), whole: count(it.whole) });
}
