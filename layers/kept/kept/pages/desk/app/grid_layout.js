/** Where things stand in a column of the day: minutes from its top, and side by side where they overlap. */

import { dayAfter, instant } from "desk/when";

/** @typedef {{start: string, end: string}} Span */

export const STEP = 15; // minutes that a move goes by
const LEAST = 5; // minutes that a thing is drawn with at least
const EARLIEST = "08:00", LATEST = "19:00", AROUND = 30; // minutes shown before and after what there is

/** @param {number} ms */
const minutes = (ms) => Math.round(ms / 60_000);

/**
 * The first and the last instant that a day shows, on whole hours: its usual hours, and whatever lies outside them.
 * @param {string} on @param {Span[]} spans @returns {{from: number, to: number}} epoch milliseconds
 */
export function shownHours(on, spans) {
  const begins = Date.parse(instant(on, "00:00")), ends = Date.parse(instant(dayAfter(on, 1), "00:00"));
  const all = [...spans.map((it) => Date.parse(it.start) - AROUND * 60_000), Date.parse(instant(on, EARLIEST))];
  const until = [...spans.map((it) => Date.parse(it.end) + AROUND * 60_000), Date.parse(instant(on, LATEST))];
  const hour = 3_600_000, from = Math.max(begins, Math.min(...all)), to = Math.min(ends, Math.max(...until));
  return { from: begins + Math.floor((from - begins) / hour) * hour, to: begins + Math.ceil((to - begins) / hour) * hour };
}

/** @param {Span} span @param {number} from @returns {{"--at": string, "--for": string}} for the style of what is drawn */
export const placed = ({ start, end }, from) => ({
  "--at": String(Math.max(0, minutes(Date.parse(start) - from))),
  "--for": String(Math.max(LEAST, minutes(Date.parse(end) - Math.max(from, Date.parse(start))))),
});

/** Whether it is at a time at which its person is busy elsewhere. @param {Span} it @param {Span[]} [busy] */
export const meets = (it, busy = []) => busy.some((one) => Date.parse(one.start) < Date.parse(it.end) && Date.parse(it.start) < Date.parse(one.end));

/**
 * Side by side what overlaps: the lane of each, of how many.
 * @template {Span & {id: string}} T @param {T[]} spans in order of their start @returns {Map<string, {lane: number, of: number}>}
 */
export function lanes(spans) {
  /** @type {Map<string, {lane: number, of: number}>} */
  const found = new Map();
  /** @type {T[]} */
  let together = [];
  /** @type {number[]} */
  let ends = [];
  const close = () => together.forEach((it) => (/** @type {any} */ (found.get(it.id)).of = ends.length));
  for (const it of spans) {
    const start = Date.parse(it.start);
    if (ends.every((end) => end <= start)) {
      close();
      [together, ends] = [[], []];
    }
    const free = ends.findIndex((end) => end <= start), lane = free < 0 ? ends.length : free;
    ends[lane] = Date.parse(it.end);
    found.set(it.id, { lane, of: 1 });
    together.push(it);
  }
  close();
  return found;
}
