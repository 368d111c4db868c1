/** Times as people say them, by the business's clocks; a day is a date without a zone. */

import { signal } from "@preact/signals";
import { now } from "desk/page";
import { language, many, t } from "desk/words";

/** The business's zone. */
export const zone = signal("UTC");
/** Goes on once in fifteen seconds, for what says how long ago or how soon. */
export const minute = signal(now());
setInterval(() => (minute.value = now()), 15_000);

/** Made once each: a full day asks for hundreds of times, and making one costs more than all it says. @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();
/** @param {Intl.DateTimeFormatOptions} options @param {string} [tag] */
function dates(options, tag = language.value) {
  const key = `${tag} ${zone.value} ${JSON.stringify(options)}`, known = made.get(key) ?? new Intl.DateTimeFormat(tag, { timeZone: zone.value, ...options });
  made.set(key, known);
  return known;
}
/** @param {string | number} at @param {Intl.DateTimeFormatOptions} options */
const format = (at, options) => dates(options).format(new Date(at));

/** @param {string | number} at */
export const clock = (at) => format(at, { hour: "numeric", minute: "2-digit" });
/** @param {number} at */
export const hour = (at) => format(at, { hour: "numeric" });
/** @param {{start: string, end: string}} it */
export const span = (it) => dates({ hour: "numeric", minute: "2-digit" }).formatRange(new Date(it.start), new Date(it.end));
/** @param {string | number} at */
export const moment = (at) => format(at, { dateStyle: "medium", timeStyle: "short" });
/** @param {string} day */
export const dayName = (day) => format(`${day}T12:00Z`, { timeZone: "UTC", dateStyle: "full" });
/** @param {string} day */
export const dayShort = (day) => format(`${day}T12:00Z`, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });
/** @param {string} day @param {number} days */
export const dayAfter = (day, days) => new Date(Date.parse(`${day}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
/** @param {string | number} at @returns {string} its date at the business */
export const dayOf = (at) => dates({}, "sv").format(new Date(at));
export const today = () => dayOf(minute.value);
/** @param {string} day the Monday on or before it */
export const monday = (day) => dayAfter(day, -((new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7));

/** @param {string | number} at "today 14:30", "tomorrow 09:00", or with its date */
export function soon(at) {
  const day = dayOf(at), key = { [today()]: "when.today", [dayAfter(today(), 1)]: "when.tomorrow", [dayAfter(today(), -1)]: "when.yesterday" }[day];
  return key ? t(key, { clock: clock(at) }) : `${dayShort(day)} ${clock(at)}`;
}

/** @param {number} minutes */
export function lasting(minutes) {
  const whole = Math.round(Math.abs(minutes));
  if (whole < 60) return many("when.minutes", whole);
  if (whole < 48 * 60) return [many("when.hours", Math.floor(whole / 60)), whole % 60 && many("when.minutes", whole % 60)].filter(Boolean).join(" ");
  return many("when.days", Math.round(whole / 1440));
}

/** @param {string | number} at "in 12 min", "9 min ago" */
export function fromNow(at) {
  const minutes = (new Date(at).getTime() - minute.value) / 60_000;
  return t(minutes >= 0 ? "when.in" : "when.ago", { span: lasting(minutes) });
}

export function zoneName() {
  const parts = dates({ timeZoneName: "longGeneric" }).formatToParts(new Date(now()));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone.value;
}

/** Whether it is the reader's own zone, which is not named then. */
export const isOwnZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone === zone.value;

/**
 * The instant at which it is this local time of the business on that day; one that does not exist is the next that does.
 * @param {string} day @param {string} time HH:MM @returns {string}
 */
export function instant(day, time) {
  const wished = Date.parse(`${day}T${time}Z`);
  for (const guess of [wished - offset(wished), wished - offset(wished - offset(wished))]) {
    if (guess + offset(guess) === wished) return new Date(guess).toISOString();
  }
  return new Date(wished - offset(wished - 86_400_000)).toISOString();
}

/** @param {number} at milliseconds that local time is ahead of UTC then */
function offset(at) {
  const parts = dates({
    hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  }, "en-CA").formatToParts(new Date(at));
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return Date.parse(`${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}:${of.second}Z`) - Math.floor(at / 1000) * 1000;
}

/** @param {string | number} at HH:MM at the business, for an input */
export const timeValue = (at) => new Date(new Date(at).getTime() + offset(new Date(at).getTime())).toISOString().slice(11, 16);
