/** What the parts of the follow-up policy are made of: one setting with its sentence and default, a time, a choice. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { same } from "desk/client_store";
import { icon } from "desk/icon";
import { called, said } from "desk/settings/policy_words";
import { valueAt } from "desk/settings/settings_store";
import { unitOf } from "desk/settings/shown";
import { gap, named, t } from "desk/words";

/** @typedef {import("desk/settings/policy_words").Policy} Policy */
/** @typedef {{its: Policy, usual: Policy, set: (at: string, value: any) => void, problem: (at: string) => string}} Form */

/** @param {{form: Form, at: string, children: any}} its */
export function One({ form, at, children }) {
  const id = `policy-${at.replace(".", "-")}`, problem = form.problem(at), usual = valueAt(form.usual, at), does = named("policy_does", at);
  return html`<fieldset id=${id} class=${problem ? "field bad" : "field"} aria-describedby="${id}-does"><legend>${called(at)}</legend>
    <span class="hint" id="${id}-does">${does}${gap(does)}<span class="usual">${t("settings.default", { value: said(at, usual) })}</span></span>
    ${problem && html`<span class="problem" role="alert">${problem}</span>`}
    ${children}
    ${!same(usual, valueAt(form.its, at)) && html`<button type="button" class="plain back-to" aria-label=${t("settings.to_default_of", { what: called(at) })} onClick=${() => form.set(at, usual)}>${icon("undo")} ${t("settings.to_default")}</button>`}</fieldset>`;
}

/** @param {{form: Form, at: string, label: string}} its */
export const Yes = ({ form, at, label }) => html`<${One} form=${form} at=${at}><label class="choice"><input id="policy-${at}-yes" type="checkbox" checked=${form.its[at]} onChange=${(/** @type {any} */ event) => form.set(at, event.target.checked)} /> <span>${label}</span></label><//>`;

/** @param {{id: string, label: string, among: string[], said: (it: string) => string, value: string | null, none?: string, take: (it: string | null) => void}} its "" among them is `none` */
export const Choice = ({ id, label, among, said, value, none, take }) => html`<label class="part" for=${id}>${label}<select id=${id} value=${value ?? ""} onChange=${(/** @type {any} */ event) => take(event.target.value || null)}>${among.map((it) => html`<option key=${it} value=${it}>${it ? said(it) : none}</option>`)}</select></label>`;

/** @param {{what: string, says?: string, onClick: () => void}} its */
export const Remove = ({ what, says, onClick }) => html`<button type="button" class="plain" aria-label=${says ? `${says}: ${what}` : t("settings.remove", { what })} onClick=${onClick}>${icon("trash")} ${says ?? t("hours.off_remove")}</button>`;

/** @param {{id?: string, says: string, onClick: () => void}} its */
export const Add = ({ id, says, onClick }) => html`<p class="deeds"><button type="button" class="button" id=${id} onClick=${onClick}>${icon("plus")} ${says}</button></p>`;

/** So many minutes, hours or days; where it is left empty, nothing. @param {{id: string, label: string, value: number | null, take: (minutes: number | null) => void}} its */
export function Lasts({ id, label, value, take }) {
  const unit = useSignal(unitOf(value ?? 60));
  return html`<div class="part"><label for=${id}>${label}</label><span class="with-unit"><input id=${id} type="number" min="0" step="any" value=${value === null ? "" : value / unit.value} onChange=${(/** @type {any} */ event) => take(event.target.value === "" ? null : Math.round(Number(event.target.value) * unit.value))} />
    <select aria-label=${t("settings.unit_of", { what: label })} value=${unit.value} onChange=${(/** @type {any} */ event) => { const count = (value ?? 0) / unit.value; unit.value = Number(event.target.value); if (value !== null) take(Math.round(count * unit.value)); }}><option value="1">${t("unit.minutes")}</option><option value="60">${t("unit.hours")}</option><option value="1440">${t("unit.days")}</option></select></span></div>`;
}

/** One of a list made another, or with null taken away. @template T @param {T[]} list @param {number} n @param {Partial<T> | null} more @returns {T[]} */
export const changed = (list, n, more) => (more ? list.map((it, at) => (at === n ? { ...it, ...more } : it)) : list.filter((_, at) => at !== n));
