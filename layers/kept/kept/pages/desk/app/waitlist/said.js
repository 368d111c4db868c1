/** What somebody waits for, how long, and how long an offer is open still, in words. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { serviceName, staffName } from "desk/business";
import { now } from "desk/page";
import { badge, time } from "desk/parts";
import { clock, dayOf, dayShort, instant, lasting, minute, soon, today } from "desk/when";
import { language, t } from "desk/words";

/** @typedef {import("desk/waitlist/store").Entry} Entry */

export const WEEK = [0, 1, 2, 3, 4, 5, 6];
const MONDAY = Date.parse("2026-03-02T12:00Z"), DAY = 86_400_000;

/** @param {number} day 0 is Monday */
export const weekday = (day) => new Intl.DateTimeFormat(language.value, { weekday: "short", timeZone: "UTC" }).format(MONDAY + day * DAY);
/** @param {string[]} said */
const list = (said) => new Intl.ListFormat(language.value, { type: "disjunction" }).format(said);

/** @param {string} time HH:MM by the place's clock */
const wall = (time) => clock(instant(today(), time));
/** @param {import("desk/waitlist/store").Wish} it */
const hours = ({ opens, closes }) => (opens && closes ? `${wall(opens)}–${wall(closes)}` : opens ? t("waitlist.from_hour", { hour: wall(opens) }) : closes ? t("waitlist.to_hour", { hour: wall(closes) }) : "");

/** Service, person, days and hours. @param {import("desk/waitlist/store").Wish} it */
export const wishes = (it) => [
  t("day.what", { service: list(it.services.map(serviceName)), person: it.staff.length ? list(it.staff.map(staffName)) : t("waitlist.anybody") }),
  it.first === it.last ? dayShort(it.first) : `${dayShort(it.first)} – ${dayShort(it.last)}`,
  it.weekdays.length > 0 && it.weekdays.length < WEEK.length && list([...it.weekdays].sort().map(weekday)),
  hours(it),
  it.same_day && t(`waitlist.same_day.${it.same_day}`),
].filter(Boolean).join(" · ");

/** From and to; the day of the end only where it is another. @param {{start: string, end: string}} it */
export const spell = ({ start, end }) => `${soon(start)} – ${dayOf(start) === dayOf(end) ? clock(end) : soon(end)}`;

/** @param {Entry} it */
export const waits = (it) => html`<span class="about">${t("waitlist.waits", { span: lasting((minute.value - Date.parse(it.since)) / 60_000) })}</span>`;

/** How it stands, and of an offer until when. @param {{it: Entry}} its */
export const State = ({ it }) => html`${it.offer ? html`<${Countdown} until=${it.offer.until} />` : badge("wait", it.state)}`;

/** Runs down by the second; what is read out is the deadline. @param {{until: string}} its */
export function Countdown({ until }) {
  const left = useSignal(Date.parse(until) - now());
  useEffect(() => {
    const tick = () => (left.value = Date.parse(until) - now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [until]);
  const seconds = Math.max(0, Math.ceil(left.value / 1000)), [m, s] = [Math.floor(seconds / 60), seconds % 60];
  if (!seconds) return html`<span class="status wait-over">${t("waitlist.run_out")}</span>`;
  return html`<span class="status wait-offered">${t("waitlist.offered_until")} ${time(until, clock)} <span class="countdown" aria-hidden="true">· ${t("waitlist.left", { left: m < 60 ? `${m}:${String(s).padStart(2, "0")}` : lasting(m) })}</span></span>`;
}
