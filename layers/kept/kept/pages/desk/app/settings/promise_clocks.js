/** How soon whom is answered, by which calendar that is counted, and what stops the count. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Dates, Week } from "desk/settings/hours";
import { WEEK } from "desk/settings/hours_week";
import { TARGETS, calendarName, goesBy, said } from "desk/settings/policy_words";
import { Add, Choice, Lasts, One, Remove, Yes, changed } from "desk/settings/promise_parts";
import { catalog } from "desk/settings/settings_store";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/promise_parts").Form} Form */

const TIERS = ["", "vip", "regular", "prospect"], PRIORITIES = ["", "urgent", "normal", "low"], PAUSING = ["next_response", "resolution", "step"];
export const CAUSES = ["no_show", "unread_reply", "complaint", "missed_call", "enquiry", "failed_message", "declined_recall", "form", "manual", "attendance_question", "call", "call_later", "not_told", "said_stop", "wrong_number", "time_taken", "dispute", "owed", "fading", "terms_review", "asked_for", "payment", "day_closed"];

/** @param {{form: Form}} its */
export function Rows({ form }) {
  const rows = form.its.rows, set = (/** @type {any[]} */ to) => form.set("rows", to);
  /** @param {number} n @param {any} more */
  const change = (n, more) => set(changed(rows, n, more));
  return html`<${One} form=${form} at="rows"><ol class="stages">${rows.map((/** @type {any} */ row, /** @type {number} */ n) => {
    const name = t("policy.row", { n: n + 1 });
    return html`<li key=${n} class="stage"><fieldset><legend>${name}</legend><div class="pair">
      <${Choice} id="row-${n}-tier" label=${named("field", "tier")} among=${TIERS} none=${t("policy.any")} said=${(/** @type {string} */ it) => named("tier", it)} value=${row.tier} take=${(/** @type {any} */ tier) => change(n, { tier })} />
      <${Choice} id="row-${n}-cause" label=${t("policy.cause")} among=${["", ...CAUSES]} none=${t("policy.any")} said=${(/** @type {string} */ it) => named("cause", it)} value=${row.cause} take=${(/** @type {any} */ cause) => change(n, { cause })} />
      <${Choice} id="row-${n}-priority" label=${t("policy.priority")} among=${PRIORITIES} none=${t("policy.any")} said=${(/** @type {string} */ it) => named("priority", it)} value=${row.priority} take=${(/** @type {any} */ priority) => change(n, { priority })} /></div>
      <div class="pair">${TARGETS.map((target) => html`<${Lasts} key=${target} id="row-${n}-${target}" label=${named("target", target)} value=${row[target]} take=${(/** @type {any} */ minutes) => change(n, { [target]: minutes })} />`)}</div>
      <${Choice} id="row-${n}-calendar" label=${t("policy.counted")} among=${["", ...Object.keys(form.its.calendars)]} none=${goesBy("")} said=${calendarName} value=${row.calendar} take=${(/** @type {any} */ calendar) => change(n, { calendar: calendar ?? "" })} />
      <${Remove} what=${name} onClick=${() => change(n, null)} /></fieldset></li>`;
  })}</ol><${Add} id="add-row" says=${t("policy.add_row")} onClick=${() => set([{ tier: null, cause: null, priority: null, first_response: 1440, next_response: 1440, resolution: null, calendar: "" }, ...rows])} /><//>`;
}

/** One is open at a time. @param {{form: Form}} its */
export function Calendars({ form }) {
  const all = form.its.calendars, open = useSignal("");
  /** @param {string} id @param {any} more null takes it away, and who went by it goes by wall time */
  const change = (id, more) => {
    const { [id]: it, ...rest } = all;
    form.set("calendars", more ? { ...all, [id]: { ...it, ...more } } : rest);
    if (!more) form.set("rows", form.its.rows.map((/** @type {any} */ row) => (row.calendar === id ? { ...row, calendar: "" } : row)));
  };
  const add = () => {
    const id = ["hours", ...Object.keys(all).map((_, n) => `hours_${n + 2}`)].find((it) => !(it in all)) ?? "hours", here = catalog.value?.business;
    const weekly = Object.fromEntries(WEEK.map((day, n) => [day, n < 5 ? ["09:00-18:00"] : []]));
    form.set("calendars", { ...all, [id]: { tz: here?.tz ?? "UTC", weekly, holidays: [], special_days: {}, holidays_of: here?.closes_on_holidays ? here.country : "" } });
    open.value = id;
  };
  return html`<${One} form=${form} at="calendars"><ul class="stages">${Object.entries(all).map(([id, it]) => html`<li key=${id} class="stage"><fieldset><legend>${calendarName(id)}</legend>
      ${open.value === id ? html`<${Calendar} id=${id} it=${it} set=${(/** @type {any} */ more) => change(id, more)} problem=${(/** @type {string} */ at) => form.problem(`calendars.${id}.${at}`)} />`
        : html`<p class="about">${said("calendars", { [id]: it })}</p>`}
      <p class="deeds"><button type="button" class="plain" aria-expanded=${open.value === id} onClick=${() => (open.value = open.value === id ? "" : id)}>${t(open.value === id ? "policy.close" : "policy.change")}<span class="unseen"> ${calendarName(id)}</span></button><${Remove} what=${calendarName(id)} onClick=${() => change(id, null)} /></p></fieldset></li>`)}</ul>
    <${Add} id="add-calendar" says=${t("policy.add_calendar")} onClick=${add} /><//>`;
}

/** @param {{id: string, it: any, set: (more: any) => void, problem: (at: string) => string}} its */
const Calendar = ({ id, it, set, problem }) => html`<div class="pair">
    <label class="part" for="calendar-tz">${t("policy.zone")}<input id="calendar-tz" list="zones" value=${it.tz} autocomplete="off" onChange=${(/** @type {any} */ event) => set({ tz: event.target.value })} /></label>
    <label class="part" for="calendar-of">${t("policy.holidays_of")}<input id="calendar-of" maxlength="6" value=${it.holidays_of} autocomplete="off" onChange=${(/** @type {any} */ event) => set({ holidays_of: event.target.value.trim() })} /></label></div>
  <${Week} value=${it.weekly} set=${(/** @type {any} */ weekly) => set({ weekly })} problem=${(/** @type {string} */ day) => problem(`weekly.${day}`)} />
  <h3>${t("hours.dates")}</h3><p class="hint">${t("policy.special")}</p>
  <${Dates} value=${it.special_days} set=${(/** @type {any} */ special_days) => set({ special_days })} problem=${(/** @type {string} */ day) => problem(`special_days.${day}`)} />
  <label class="part" for="calendar-closed">${t("policy.holidays")}<textarea id="calendar-closed" rows="3" value=${it.holidays.join("\n")} onChange=${(/** @type {any} */ event) => set({ holidays: event.target.value.split(/\s+/).filter(Boolean) })}></textarea></label>`;

/** @param {{form: Form}} its */
export const Pausing = ({ form }) => html`<${One} form=${form} at="pausing"><div class="choices">${PAUSING.map((clock) => html`<label class="choice" key=${clock}><input id="pausing-${clock}" type="checkbox" checked=${form.its.pausing.includes(clock)} onChange=${(/** @type {any} */ event) => form.set("pausing", PAUSING.filter((it) => (it === clock ? event.target.checked : form.its.pausing.includes(it))))} /> <span>${named("policy_clock", clock)}</span></label>`)}</div><//>
  <${One} form=${form} at="longest_pause"><${Lasts} id="policy-longest" label=${t("policy.at_most")} value=${form.its.longest_pause} take=${(/** @type {any} */ to) => form.set("longest_pause", to ?? 0)} /><//>
  <${Yes} form=${form} at="next_from_opening" label=${t("policy.next_too")} />
  <${One} form=${form} at="reopening"><${Choice} id="policy-reopening-how" label=${t("policy.its_clock")} among=${["continues", "new_cycle"]} said=${(/** @type {string} */ it) => named("reopening", it)} value=${form.its.reopening} take=${(/** @type {any} */ to) => form.set("reopening", to)} /><//>`;
