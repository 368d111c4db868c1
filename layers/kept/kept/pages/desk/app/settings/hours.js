/** Hours: a week on a grid of days and hours, dates that differ, and time off, with those it collides with before it is saved. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { Empty } from "desk/parts";
import { address, asking, go } from "desk/route";
import { SettingsForm } from "desk/settings/form";
import { begin } from "desk/settings/form_state";
import { DAY, WEEK, edges, onemore, toggled, without } from "desk/settings/hours_week";
import { nameOf } from "desk/settings/shown";
import { catalog } from "desk/settings/settings_store";
import { dayAfter, dayOf, dayShort, instant, timeValue, today, zoneName } from "desk/when";
import { language, named, t } from "desk/words";

/** @typedef {import("desk/settings/hours_week").Weekly} Weekly */
/** @typedef {{starts: string, ends: string, reason: string}} TimeOff */

export const HOURS = [{ at: "hours.weekly", as: "week" }, { at: "hours.overrides", as: "dates" }, { at: "hours.time_off", as: "away" }];
const NOON = 720, LUNCH = 780, MONDAY = "2026-03-02";

/** @param {string} day @param {"long" | "short"} [how] */
const weekday = (day, how = "long") => new Intl.DateTimeFormat(language.value, { weekday: how, timeZone: "UTC" }).format(new Date(`${dayAfter(MONDAY, WEEK.indexOf(day))}T12:00Z`));

export function Hours() {
  const people = catalog.value?.staff ?? [], asked = address.value.searchParams.get("who"), who = people.find((it) => it.id === asked) ?? people[0];
  if (!who) return html`<${Empty} title=${named("part_none", "people")}><a class="button" href="/desk/settings/people?open=new">${named("part_new", "people")}</a><//>`;
  return html`<nav class="tabs" aria-label=${t("hours.whose")}>${people.map((it) => html`<a key=${it.id} class="chip-link" href=${asking({ who: it.id })} aria-current=${it.id === who.id ? "true" : undefined}>${it.name}</a>`)}</nav>
    <p class="about">${t("hours.zone", { zone: zoneName() })}</p>
    <${SettingsForm} key=${who.id} kind="staff" id=${who.id} groups=${[]} also=${HOURS} name=${() => t("hours.of", { name: who.name })}>${(/** @type {any} */ form) => html`
      <section><h2>${t("hours.week")}</h2><p class="hint">${t("hours.week_text")}</p>
        <${Week} value=${form.value("hours.weekly")} set=${(/** @type {Weekly} */ it) => form.set("hours.weekly", it)} problem=${(/** @type {string} */ day) => form.problemIn(`hours.weekly.${day}`)} />
        <${GiveTo} from=${who.id} weekly=${form.value("hours.weekly")} /></section>
      <section><h2>${t("hours.dates")}</h2><p class="hint">${t("hours.dates_text")}</p><${Dates} value=${form.value("hours.overrides") ?? {}} set=${(/** @type {Weekly} */ it) => form.set("hours.overrides", it)} problem=${(/** @type {string} */ day) => form.problemIn(`hours.overrides.${day}`)} /></section>
      <section><h2>${t("hours.off")}</h2><p class="hint">${t("hours.off_text")}</p><${Away} value=${form.value("hours.time_off") ?? []} set=${(/** @type {TimeOff[]} */ it) => form.set("hours.time_off", it)} problem=${(/** @type {number} */ n) => form.problemIn(`hours.time_off.${n}`)} /></section>`}
    <//>`;
}

/** @param {{value: Weekly, set: (weekly: Weekly) => void, problem: (day: string) => string}} its */
export function Week({ value, set, problem }) {
  /** @param {string[]} days @param {string} from */
  const copied = (days, from) => set({ ...value, ...Object.fromEntries(days.map((day) => [day, [...(value[from] ?? [])]])) });
  return html`<div class="week-hours">
    <div class="week-scale" aria-hidden="true">${[0, 6, 12, 18, 24].map((hour) => html`<span key=${hour} style=${{ "--at": hour }}>${hour}</span>`)}</div>
    ${WEEK.map((day) => html`<fieldset key=${day} class=${problem(day) ? "field bad" : "field"}><legend>${weekday(day)}</legend>
      <${Bar} spans=${value[day] ?? []} onHour=${(/** @type {number} */ hour) => set({ ...value, [day]: toggled(value[day] ?? [], hour) })} />
      <${DaySpans} id="hours-${day}" name=${weekday(day)} spans=${value[day] ?? []} set=${(/** @type {string[]} */ spans) => set({ ...value, [day]: spans })} />
      ${problem(day) && html`<span class="problem" role="alert">${problem(day)}</span>`}
      <label class="copy"><span class="unseen">${t("hours.copy_of", { day: weekday(day) })}</span><select value="" onChange=${(/** @type {any} */ event) => (copied(event.target.value === "all" ? WEEK : event.target.value === "workdays" ? WEEK.slice(0, 5) : [event.target.value], day), (event.target.value = ""))}>
        <option value="">${t("hours.copy")}</option><option value="all">${t("hours.copy_all")}</option><option value="workdays">${t("hours.copy_workdays")}</option>
        ${WEEK.filter((it) => it !== day).map((it) => html`<option key=${it} value=${it}>${weekday(it)}</option>`)}</select></label></fieldset>`)}
  </div>`;
}

/** The day as a bar of hours; a click works or frees one, as the times below it do for the keyboard. @param {{spans: string[], onHour: (hour: number) => void}} its */
const Bar = ({ spans, onHour }) => html`<div class="day-bar" aria-hidden="true" onClick=${(/** @type {any} */ event) => {
  const box = event.currentTarget.getBoundingClientRect();
  onHour(Math.min(23, Math.floor(((event.clientX - box.left) / box.width) * 24)));
}}>${spans.filter((it) => /^\d\d:\d\d-\d\d:\d\d$/.test(it)).map((it) => html`<span key=${it} style=${{ "--from": edges(it)[0] / DAY, "--to": Math.min(1, edges(it)[1] / DAY) }}></span>`)}</div>`;

/** @param {{id: string, name: string, spans: string[], set: (spans: string[]) => void}} its */
function DaySpans({ id, name, spans, set }) {
  /** @param {number} n @param {0 | 1} end @param {string} clock */
  const change = (n, end, clock) => set(spans.map((it, which) => (which === n ? it.split("-").map((part, side) => (side === end ? clock : part)).join("-") : it)));
  const hasNoon = spans.some((it) => edges(it)[0] < NOON && edges(it)[1] > LUNCH);
  return html`<ul class="spans">${spans.map((it, n) => {
    const [from, to] = it.split("-"), which = t("settings.span_of", { what: name, n: n + 1 });
    return html`<li key=${n}><input type="text" class="clock" inputmode="numeric" pattern="[0-4][0-9]:[0-5][0-9]" maxlength="5" id="${id}-${n}-from" aria-label="${which}, ${t("settings.from")}" value=${from} onChange=${(/** @type {any} */ event) => change(n, 0, tidy(event.target.value))} /> <span aria-hidden="true">–</span>
      <input type="text" class="clock" inputmode="numeric" pattern="[0-4][0-9]:[0-5][0-9]" maxlength="5" id="${id}-${n}-to" aria-label="${which}, ${t("settings.to")}" value=${to} onChange=${(/** @type {any} */ event) => change(n, 1, tidy(event.target.value))} />
      <button type="button" class="bare" aria-label=${t("settings.remove", { what: which })} onClick=${() => set(spans.filter((_, which) => which !== n))}>${icon("x")}</button></li>`;
  })}
    <li>${!spans.length && html`<span class="about">${t("hours.closed")}</span>`}<button type="button" class="plain" aria-label="${t("settings.add_span")}: ${name}" onClick=${() => set(onemore(spans))}>${icon("plus")} ${t("settings.add_span")}</button>
      ${hasNoon && html`<button type="button" class="plain" aria-label="${t("hours.break")}: ${name}" onClick=${() => set(without(spans, NOON, LUNCH))}>${icon("coffee")} ${t("hours.break")}</button>`}</li></ul>`;
}

/** "9" and "930" are times as well; past midnight it goes on to 26:00. @param {string} typed */
function tidy(typed) {
  const digits = typed.replace(/\D/g, "");
  if (typed.includes(":") || !digits) return typed.trim().padStart(5, "0");
  return digits.length <= 2 ? `${digits.padStart(2, "0")}:00` : `${digits.slice(0, -2).padStart(2, "0")}:${digits.slice(-2)}`;
}

/** @param {{value: Weekly, set: (dates: Weekly) => void, problem: (day: string) => string}} its */
export function Dates({ value, set, problem }) {
  const days = Object.keys(value).sort();
  /** @param {string} day */
  const rest = (day) => Object.fromEntries(Object.entries(value).filter(([it]) => it !== day));
  return html`${days.map((day) => html`<fieldset key=${day} class="field"><legend>${dayShort(day)} ${day.slice(0, 4)} <button type="button" class="bare" aria-label=${t("settings.remove", { what: dayShort(day) })} onClick=${() => set(rest(day))}>${icon("x")}</button></legend>
      <${DaySpans} id="date-${day}" name=${dayShort(day)} spans=${value[day]} set=${(/** @type {string[]} */ spans) => set({ ...value, [day]: spans })} />
      ${problem(day) && html`<span class="problem" role="alert">${problem(day)}</span>`}</fieldset>`)}
    <label class="part" for="new-date">${t("hours.add_date")}<input id="new-date" type="date" min=${today()} onChange=${(/** @type {any} */ event) => event.target.value && !(event.target.value in value) && set({ ...value, [event.target.value]: [] })} /></label>`;
}

/** @param {{value: TimeOff[], set: (off: TimeOff[]) => void, problem: (n: number) => string}} its */
export function Away({ value, set, problem }) {
  /** @param {number} n @param {Partial<TimeOff>} more */
  const change = (n, more) => set(value.map((it, which) => (which === n ? { ...it, ...more } : it)));
  /** @param {string} at */
  const local = (at) => `${dayOf(at)}T${timeValue(at)}`;
  /** @param {string} typed */
  const moment = (typed) => instant(typed.slice(0, 10), typed.slice(11, 16));
  const tomorrow = dayAfter(today(), 1);
  return html`<ol class="time-off">${value.map((it, n) => {
    const which = t("hours.off_n", { n: n + 1 });
    return html`<li key=${n}><fieldset class=${problem(n) ? "field bad" : "field"}><legend>${which}</legend><div class="pair">
        <label class="part">${t("settings.from")}<input type="datetime-local" id="off-${n}-from" value=${local(it.starts)} onChange=${(/** @type {any} */ event) => event.target.value && change(n, { starts: moment(event.target.value) })} /></label>
        <label class="part">${t("settings.to")}<input type="datetime-local" id="off-${n}-to" value=${local(it.ends)} onChange=${(/** @type {any} */ event) => event.target.value && change(n, { ends: moment(event.target.value) })} /></label>
        <label class="part">${t("hours.why")}<input type="text" id="off-${n}-why" maxlength="500" value=${it.reason} onInput=${(/** @type {any} */ event) => change(n, { reason: event.target.value })} /></label></div>
      ${problem(n) && html`<span class="problem" role="alert">${problem(n)}</span>`}
      <button type="button" class="plain" aria-label=${t("settings.remove", { what: which })} onClick=${() => set(value.filter((_, which) => which !== n))}>${icon("trash")} ${t("hours.off_remove")}</button></fieldset></li>`;
  })}</ol><button type="button" class="button" id="add-off" onClick=${() => set([...value, { starts: instant(tomorrow, "00:00"), ends: instant(dayAfter(tomorrow, 1), "00:00"), reason: "" }])}>${icon("plus")} ${t("hours.off_add")}</button>`;
}

/** The same week for somebody else: it is typed into their form, and saved there. @param {{from: string, weekly: Weekly}} its */
function GiveTo({ from, weekly }) {
  const others = (catalog.value?.staff ?? []).filter((it) => it.id !== from);
  if (!others.length) return null;
  return html`<label class="part" for="give-to">${t("hours.give", { name: nameOf("staff", from) })}<select id="give-to" value="" onChange=${(/** @type {any} */ event) => {
    const who = event.target.value;
    if (!who) return;
    begin("staff", who, HOURS, { "hours.weekly": weekly });
    go(asking({ who }));
  }}><option value="">${t("hours.give_choose")}</option>${others.map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select></label>`;
}

/** Of a room, which is always there where it has none. @param {{id: string, value: any, set: (value: any) => void}} its */
export function HoursIfAny({ id, value, set }) {
  return html`<label class="choice"><input id=${id} type="checkbox" checked=${!value} onChange=${(/** @type {any} */ event) => set(event.target.checked ? null : { weekly: Object.fromEntries(WEEK.map((day) => [day, ["09:00-18:00"]])), overrides: {}, time_off: [] })} /> <span>${t("hours.always")}</span></label>
    ${value && html`<${Week} value=${value.weekly} set=${(/** @type {Weekly} */ weekly) => set({ ...value, weekly })} problem=${() => ""} />
      <h3>${t("hours.dates")}</h3><${Dates} value=${value.overrides ?? {}} set=${(/** @type {Weekly} */ overrides) => set({ ...value, overrides })} problem=${() => ""} />
      <h3>${t("hours.off")}</h3><${Away} value=${value.time_off ?? []} set=${(/** @type {TimeOff[]} */ time_off) => set({ ...value, time_off })} problem=${() => ""} />`}`;
}
