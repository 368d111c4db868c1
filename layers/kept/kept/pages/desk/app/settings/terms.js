/** The terms: until when a change is free, what it costs afterwards and for whom it is otherwise, beside what a client reads of it. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { DryRun } from "desk/settings/dry_run";
import { SettingsForm } from "desk/settings/form";
import { called } from "desk/settings/form_state";
import { Charge, Lasting, Setting } from "desk/settings/inputs";
import { catalog } from "desk/settings/settings_store";
import { nameOf } from "desk/settings/shown";
import { TIERS, TermsRead } from "desk/settings/terms_read";
import { named, t } from "desk/words";

/** @typedef {{service: string | null, tier: string | null, free_until: number | null, [fee: string]: any}} Row null is any, or as for everybody */

const FEES = ["late_fee", "move_fee", "missed_fee", "deposit"];
const GROUPS = [
  { title: "changes", fields: [{ at: "changes.free_until", as: "lasting" }, { at: "changes.grace", as: "lasting" }, { at: "changes.reschedules", as: "number", unit: "times" }] },
  { title: "fees", fields: [{ at: "changes.late_fee", as: "charge" }, { at: "changes.move_fee", as: "charge" }, { at: "changes.missed_fee", as: "charge" }] },
  { title: "deposits", fields: [{ at: "changes.deposits.charge", as: "charge" }, { at: "changes.deposits.of", as: "one", among: ["everybody", "new", "standing"], said: (/** @type {string} */ it) => named("asked_of", it) }, { at: "changes.deposits.above", as: "minor", none: "terms.any_price" },
    { at: "changes.deposits.within", as: "lasting" }, { at: "changes.deposits.before", as: "lasting" }, { at: "changes.deposits.moves", as: "lasting" }, { at: "deposit_text", as: "text" }, { at: "deposit_texts", as: "names" }] },
];
/** @param {string} fee */
const feeCalled = (fee) => called("business", fee === "deposit" ? "changes.deposits.charge" : `changes.${fee}`);
const ROWS = { at: "changes.rows", as: "rows" }, WORDS = [{ at: "policy_text", as: "long" }, { at: "policy_texts", as: "long_names" }];
/** All that is set here. */
export const TERMS = [...GROUPS.flatMap((it) => it.fields), ROWS, ...WORDS];

export const Terms = () => html`<${SettingsForm} kind="business" id="business" groups=${GROUPS} also=${[ROWS, ...WORDS]} name=${() => named("part", "terms")}
  beside=${(/** @type {any} */ form) => html`<div class="terms-beside"><${TermsRead} form=${form} /><${DryRun} form=${form} /></div>`}>${(/** @type {any} */ form) => html`<${Rows} form=${form} />
    <section><h2>${named("set_group", "own_words")}</h2>${WORDS.map((field) => html`<${Setting} key=${field.at} form=${form} field=${field} />`)}</section>`}<//>`;

/** @param {{form: any}} its */
function Rows({ form }) {
  const rows = /** @type {Row[]} */ (form.value(ROWS.at) ?? []), problem = form.problemIn(ROWS.at);
  const set = (/** @type {Row[]} */ those) => form.set(ROWS.at, those);
  /** @param {number} n @param {number} by */
  const moved = (n, by) => {
    const those = [...rows], [it] = those.splice(n, 1);
    those.splice(n + by, 0, it);
    set(those);
  };
  const add = () => set([...rows, { service: offered().find((id) => !rows.some((it) => it.service === id)) ?? offered()[0] ?? null, tier: null, free_until: null, late_fee: form.value("changes.late_fee"), move_fee: null, missed_fee: null, deposit: null }]);
  return html`<section><h2>${called("business", ROWS.at)}</h2><p class="hint">${t("terms.rows_text")}</p>
    ${problem && !rows.length && html`<p class="problem" role="alert">${problem}</p>`}
    <ol class="stages">${rows.map((row, n) => html`<${One} key=${n} form=${form} row=${row} n=${n} last=${rows.length - 1} moved=${moved} change=${(/** @type {Partial<Row> | null} */ more) => set(more ? rows.map((it, at) => (at === n ? { ...it, ...more } : it)) : rows.filter((_, at) => at !== n))} />`)}</ol>
    <p class="deeds"><button type="button" class="button" id="add-row" onClick=${add}>${icon("plus")} ${t("terms.add_row")}</button></p></section>`;
}

/** Ids of what can be booked. @returns {string[]} */
const offered = () => (catalog.value?.services ?? []).filter((it) => !it.archived).map((it) => it.id);

/** @param {{form: any, row: Row, n: number, last: number, moved: (n: number, by: number) => void, change: (more: Partial<Row> | null) => void}} its */
function One({ form, row, n, last, moved, change }) {
  const at = `${ROWS.at}.${n}`, name = t("terms.row", { n: n + 1 }), id = `row-${n}`;
  const wrong = (/** @type {string} */ part) => form.problemIn(`${at}.${part}`), parts = ["service", "tier", "free_until", ...FEES];
  const of = (/** @type {string} */ part) => wrong(part) && html`<span class="problem" role="alert">${wrong(part)}</span>`;
  const whole = parts.some(wrong) ? "" : form.problemIn(at);
  /** @param {string} part @param {string} label @param {string[]} among @param {(it: string) => string} said */
  const choice = (part, label, among, said) => html`<label class="part">${label}${of(part)}<select id="${id}-${part}" value=${row[part] ?? ""} onChange=${(/** @type {any} */ event) => change({ [part]: event.target.value || null })}>
    ${["", ...among].map((it) => html`<option key=${it} value=${it} selected=${it === (row[part] ?? "")}>${it ? said(it) : t("terms.any")}</option>`)}</select></label>`;
  const services = [...new Set([...offered(), ...(row.service ? [row.service] : [])])], until = t("terms.free_until");
  return html`<li class="stage"><fieldset><legend>${name}</legend>
    ${whole && html`<p class="problem" role="alert">${whole}</p>`}
    <div class="pair">${choice("service", t("terms.service"), services, (it) => nameOf("services", it))}${choice("tier", named("field", "tier"), TIERS, (it) => named("tier", it))}</div>
    <div class="part"><label for="${id}-free_until">${until}</label>${of("free_until")}<${Lasting} id="${id}-free_until" value=${row.free_until} field=${{ label: until }} by=${{}} set=${(/** @type {number | null} */ free_until) => change({ free_until })} /><span class="hint">${t("terms.empty")}</span></div>
    ${FEES.map((fee) => html`<div class="part" key=${fee}><label for="${id}-${fee}">${feeCalled(fee)}</label>${of(fee)}<${Charge} id="${id}-${fee}" value=${row[fee]} label="${feeCalled(fee)}, ${name}" isOptional=${true} set=${(/** @type {any} */ value) => change({ [fee]: value })} /></div>`)}
    <p class="deeds"><button type="button" class="bare" disabled=${n === 0} aria-label=${t("settings.up", { what: name })} onClick=${() => moved(n, -1)}>${icon("arrow-up")}</button>
      <button type="button" class="bare" disabled=${n === last} aria-label=${t("settings.down", { what: name })} onClick=${() => moved(n, 1)}>${icon("arrow-down")}</button>
      <button type="button" class="plain" aria-label=${t("settings.remove", { what: name })} onClick=${() => change(null)}>${icon("trash")} ${t("hours.off_remove")}</button></p></fieldset></li>`;
}
