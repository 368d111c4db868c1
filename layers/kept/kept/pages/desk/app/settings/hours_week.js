/** A week of hours: spans of each day, several a day, copied from one day to others, and split by a break. */

export const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const DAY = 1440;

/** @typedef {Record<string, string[]>} Weekly by the day, each span as "09:00-17:30" */

/** @param {string} clock "09:30" */
export const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
/** @param {number} minutes */
export const clockOf = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
/** @param {string} span */
export const edges = (span) => /** @type {[number, number]} */ (span.split("-").map(minutesOf));
/** @param {number} from @param {number} to */
const span = (from, to) => `${clockOf(from)}-${clockOf(to)}`;

/** In order, and those that touch made one. @param {string[]} spans */
export function joined(spans) {
  /** @type {[number, number][]} */
  const all = [];
  for (const [from, to] of spans.map(edges).sort(([one], [other]) => one - other)) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all.map(([from, to]) => span(from, to));
}

/** The same without this time. @param {string[]} spans @param {number} from @param {number} to */
export const without = (spans, from, to) => spans.map(edges).flatMap(([opens, closes]) => {
  /** @type {[number, number][]} */
  const parts = [[opens, Math.min(closes, from)], [Math.max(opens, to), closes]];
  return parts.filter(([start, end]) => start < end).map(([start, end]) => span(start, end));
});

/** An hour that was free becomes worked, and the other way round. @param {string[]} spans @param {number} hour */
export function toggled(spans, hour) {
  const from = hour * 60, to = from + 60, isWorked = spans.map(edges).some(([opens, closes]) => opens < to && from < closes);
  return isWorked ? without(spans, from, to) : joined([...spans, span(from, to)]);
}

/** Another span behind the last one. @param {string[]} spans */
export function onemore(spans) {
  const last = Math.max(0, ...spans.map((it) => edges(it)[1]));
  return [...spans, last && last + 120 <= DAY ? span(last + 60, last + 120) : last ? span(Math.min(last, DAY - 60), Math.min(last, DAY - 60) + 60) : span(540, 1080)];
}
