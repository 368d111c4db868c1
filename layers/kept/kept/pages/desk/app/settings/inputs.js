/** One setting: what it is called, what it does, its default with the way back to it, and the input of its kind. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { same } from "desk/client_store";
import { icon } from "desk/icon";
import { digits } from "desk/amounts";
import { called, does } from "desk/settings/form_state";
import { HoursIfAny } from "desk/settings/hours";
import { currency, ownLanguage, shown, unitOf } from "desk/settings/shown";
import { catalog } from "desk/settings/settings_store";
import { WaitSteps } from "desk/settings/wait_steps";
import { LANGUAGES, gap, named, t } from "desk/words";

/** @typedef {ReturnType<typeof import("desk/settings/form_state").useForm>} Form */
/** @typedef {import("desk/settings/form_state").Field} Field */
/** @typedef {{id: string, value: any, field: Field, set: (value: any) => void, by: Record<string, any>}} Input `by` says what else is read out with it */

/** Those of several parts, which have a legend and no label of their own. */
const GROUPS = new Set(["ordered", "things", "spans", "names", "long_names", "yes", "wait_steps", "hours_if_any", "charge"]);

/** @param {{form: Form, field: Field}} its */
export function Setting({ form, field }) {
  const { at, as } = field, { kind } = form, id = `set-${at.replaceAll(".", "-")}`, value = form.value(at), usual = form.usual(at), problem = form.problem(at);
  const label = called(kind, at), what = does(kind, at), by = { "aria-describedby": `${id}-does${problem ? ` ${id}-problem` : ""}`, "aria-invalid": problem ? "true" : undefined };
  const input = INPUTS[as] ?? plain;
  const back = usual !== undefined && !same(usual, value);
  const inside = html`<span class="hint" id="${id}-does">${what}${usual !== undefined && !field.quiet && html`${gap(what)}<span class="usual">${t("settings.default", { value: shown(usual, field) })}</span>`}</span>
    ${problem && html`<span class="problem" id="${id}-problem" role="alert">${problem}</span>`}
    ${input({ id, value, field: { ...field, label }, set: (value) => form.set(at, value), by })}
    ${back && !field.quiet && html`<button type="button" class="plain back-to" aria-label=${t("settings.to_default_of", { what: label })} onClick=${() => form.set(at, usual)}>${icon("undo")} ${t("settings.to_default")}</button>`}`;
  const look = problem ? "field bad" : "field";
  return GROUPS.has(as) ? html`<fieldset class=${look} aria-describedby=${by["aria-describedby"]}><legend>${label}</legend>${inside}</fieldset>`
    : html`<div class=${look}><label for=${id}>${label}</label>${inside}</div>`;
}

/** @param {Input} its */
const plain = ({ id, value, field, set, by }) => html`<input id=${id} type=${field.type ?? "text"} value=${value ?? ""} maxlength=${field.most ?? 254} required=${field.needed} list=${field.list} autocomplete="off" ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value)} />`;

/** @type {Record<string, (its: Input) => any>} by the kind of what is set */
const INPUTS = {
  long: ({ id, value, field, set, by }) => html`<textarea id=${id} rows=${field.rows ?? 3} maxlength="2000" value=${value ?? ""} ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value)}></textarea>`,
  number: ({ id, value, field, set, by }) => html`<span class="with-unit"><input id=${id} type="number" inputmode="numeric" step="1" min=${field.min ?? 0} max=${field.max} value=${value ?? ""} required=${field.needed} ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value === "" ? null : Number(event.target.value))} />${field.unit && html`<span>${t(`unit.${field.unit}`)}</span>`}</span>`,
  lasting: (its) => html`<${Lasting} ...${its} />`,
  yes: ({ id, value, field, set, by }) => html`<label class="choice"><input id=${id} type="checkbox" checked=${value} ...${by} onChange=${(/** @type {any} */ event) => set(event.target.checked)} /> <span>${t("settings.yes_so")}<span class="unseen">: ${field.label}</span></span></label>`,
  one: ({ id, value, field, set, by }) => html`<select id=${id} value=${value ?? ""} ...${by} onChange=${(/** @type {any} */ event) => set(event.target.value)}>${field.among.map((/** @type {string} */ it) => html`<option key=${it} value=${it}>${it ? field.said(it) : t("settings.nothing")}</option>`)}</select>`,
  time: ({ id, value, set, by }) => html`<input id=${id} type="time" class="clock" value=${value ?? ""} ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value || null)} />`,
  lines: ({ id, value, set, by }) => html`<${Lines} id=${id} value=${value} set=${set} by=${by} />`,
  pairs: ({ id, value, set, by }) => html`<${Lines} id=${id} value=${Object.entries(value ?? {}).map(([key, said]) => `${key} = ${said}`)} by=${by}
    set=${(/** @type {string[]} */ lines) => set(Object.fromEntries(lines.map((line) => line.split("=").map((part) => part.trim())).map(([key, said]) => [key, said ?? ""])))} />`,
  spans: ({ id, value, field, set }) => html`<${Spans} id=${id} value=${value ?? []} label=${field.label} set=${set} />`,
  ordered: ({ id, value, field, set }) => html`<${Ordered} id=${id} value=${value ?? []} field=${field} set=${set} />`,
  things: ({ id, value, field, set }) => html`<div class="choices" id=${id}>${(catalog.value?.[/** @type {"staff"} */ (field.kind)] ?? []).map((it) => html`<label class="choice" key=${it.id}><input type="checkbox" checked=${value?.includes(it.id)} onChange=${(/** @type {any} */ event) => set(event.target.checked ? [...(value ?? []), it.id] : value.filter((/** @type {string} */ one) => one !== it.id))} /> <span>${it.name}</span></label>`)}</div>`,
  thing: ({ id, value, field, set, by }) => html`<select id=${id} value=${value ?? ""} ...${by} onChange=${(/** @type {any} */ event) => set(event.target.value)}><option value="">${t("settings.nobody")}</option>${(catalog.value?.[/** @type {"staff"} */ (field.kind)] ?? []).map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select>`,
  wait_steps: ({ id, value, field, set }) => html`<${WaitSteps} id=${id} value=${value ?? []} label=${field.label} set=${set} />`,
  date: ({ id, value, set, by }) => html`<input id=${id} type="date" value=${value ?? ""} ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value || null)} />`,
  hours_if_any: (its) => html`<${HoursIfAny} ...${its} />`,
  names: ({ id, value, set }) => html`<div class="pair">${LANGUAGES.filter((tag) => tag !== ownLanguage()).map((tag) => html`<label key=${tag} class="part" for="${id}-${tag}">${named("tongue", tag)}<input id="${id}-${tag}" lang=${tag} maxlength="100" value=${value?.[tag] ?? ""} autocomplete="off" onInput=${(/** @type {any} */ event) => set(named_(value, tag, event.target.value))} /></label>`)}</div>`,
  long_names: ({ id, value, set }) => html`${LANGUAGES.filter((tag) => tag !== ownLanguage()).map((tag) => html`<label key=${tag} class="part" for="${id}-${tag}">${named("tongue", tag)}<textarea id="${id}-${tag}" lang=${tag} rows="3" maxlength="2000" value=${value?.[tag] ?? ""} onInput=${(/** @type {any} */ event) => set(named_(value, tag, event.target.value))}></textarea></label>`)}`,
  money: (its) => html`<${Price} ...${its} />`,
  charge: ({ id, value, field, set, by }) => html`<${Charge} id=${id} value=${value} label=${field.label} set=${set} by=${by} />`,
  minor: ({ value, set, ...its }) => html`<${Price} ...${its} value=${value === null ? null : { minor: value, currency: currency() }} set=${(/** @type {any} */ price) => set(price?.minor ?? null)} />`,
};

/** What is empty is not said. @param {Record<string, string> | null} names @param {string} tag @param {string} name */
const named_ = (names, tag, name) => Object.fromEntries(Object.entries({ ...names, [tag]: name }).filter(([, said]) => said.trim()));

/** So many minutes, hours or days. @param {Input} its */
export function Lasting({ id, value, field, set, by }) {
  const unit = useSignal(unitOf(value ?? 0));
  const count = value === null ? "" : value / unit.value;
  return html`<span class="with-unit"><input id=${id} type="number" inputmode="decimal" min="0" step="any" value=${count} ...${by} onInput=${(/** @type {any} */ event) => set(event.target.value === "" ? null : Math.round(Number(event.target.value) * unit.value))} />
    <select aria-label=${t("settings.unit_of", { what: field.label })} value=${unit.value} onChange=${(/** @type {any} */ event) => ((unit.value = Number(event.target.value)), count !== "" && set(Math.round(count * unit.value)))}>
      <option value="1">${t("unit.minutes")}</option><option value="60">${t("unit.hours")}</option><option value="1440">${t("unit.days")}</option></select></span>`;
}

/** Kept as it is typed, a line for each. @param {{id: string, value: string[], set: (lines: string[]) => void, by: Record<string, any>}} its */
function Lines({ id, value, set, by }) {
  const typed = useSignal((value ?? []).join("\n"));
  const lines = (/** @type {string} */ text) => text.split("\n").map((it) => it.trim()).filter(Boolean);
  if (!same(lines(typed.value), value ?? [])) typed.value = (value ?? []).join("\n");
  return html`<textarea id=${id} rows="3" value=${typed.value} ...${by} onInput=${(/** @type {any} */ event) => ((typed.value = event.target.value), set(lines(event.target.value)))}></textarea>`;
}

/** @param {{id: string, value: string[], label: string, set: (spans: string[]) => void}} its */
export function Spans({ id, value, label, set }) {
  /** @param {number} n @param {0 | 1} end @param {string} clock */
  const change = (n, end, clock) => set(value.map((it, at) => (at === n ? it.split("-").map((part, side) => (side === end ? clock : part)).join("-") : it)));
  return html`<ul class="spans" id=${id}>${value.map((it, n) => {
    const [from, to] = it.split("-"), which = t("settings.span_of", { what: label, n: n + 1 });
    return html`<li key=${n}><input type="time" aria-label="${which}, ${t("settings.from")}" value=${from} onInput=${(/** @type {any} */ event) => change(n, 0, event.target.value)} /> <span aria-hidden="true">–</span>
      <input type="time" aria-label="${which}, ${t("settings.to")}" value=${to} onInput=${(/** @type {any} */ event) => change(n, 1, event.target.value)} />
      <button type="button" class="bare" aria-label=${t("settings.remove", { what: which })} onClick=${() => set(value.filter((_, at) => at !== n))}>${icon("x")}</button></li>`;
  })}<li><button type="button" class="button" aria-label="${t("settings.add_span")}: ${label}" onClick=${() => set([...value, "12:00-13:00"])}>${icon("plus")} ${t("settings.add_span")}</button></li></ul>`;
}

/** Some of what there is, the first before the next. @param {{id: string, value: string[], field: Field, set: (those: string[]) => void}} its */
function Ordered({ id, value, field, set }) {
  /** @param {number} n @param {number} by */
  const moved = (n, by) => {
    const those = [...value], [it] = those.splice(n, 1);
    those.splice(n + by, 0, it);
    set(those);
  };
  const rest = field.among.filter((/** @type {string} */ it) => !value.includes(it));
  return html`<ol class="ordered" id=${id}>${value.map((it, n) => {
    const name = field.said(it);
    return html`<li key=${it}><span>${n + 1}. ${name}</span>
      <button type="button" class="bare" disabled=${n === 0} aria-label=${t("settings.up", { what: name })} onClick=${() => moved(n, -1)}>${icon("arrow-up")}</button>
      <button type="button" class="bare" disabled=${n === value.length - 1} aria-label=${t("settings.down", { what: name })} onClick=${() => moved(n, 1)}>${icon("arrow-down")}</button>
      <button type="button" class="bare" aria-label=${t("settings.remove", { what: name })} onClick=${() => set(value.filter((one) => one !== it))}>${icon("x")}</button></li>`;
  })}</ol>
    ${rest.length > 0 && html`<div class="choices">${rest.map((/** @type {string} */ it) => html`<button type="button" class="button" key=${it} onClick=${() => set([...value, it])}>${icon("plus")} ${field.said(it)}</button>`)}</div>`}`;
}

/** In the business's currency, as it is written there; nothing is no price. @param {Input} its */
function Price({ id, value, set, by }) {
  const coin = value?.currency ?? currency(), factor = 10 ** digits(coin);
  return html`<span class="with-unit"><input id=${id} type="number" inputmode="decimal" min="0" step=${1 / factor} value=${value ? value.minor / factor : ""} ...${by}
    onInput=${(/** @type {any} */ event) => set(event.target.value === "" ? null : { minor: Math.round(Number(event.target.value) * factor), currency: coin })} /><span>${coin}</span></span>`;
}

/** Nothing, a sum, or a share of the price; where it `isOptional`, null is as for everybody. @param {{id: string, value: {minor: number, percent: number} | null, label: string, set: (value: any) => void, by?: Record<string, any>, isOptional?: boolean}} its */
export function Charge({ id, value, label, set, by, isOptional = false }) {
  const chosen = useSignal(""), typed = useSignal(""), factor = 10 ** digits(currency());
  const mode = value === null ? "as_usual" : value.minor ? "sum" : value.percent ? "share" : ["sum", "share"].includes(chosen.value) ? chosen.value : "none";
  const amount = mode === "sum" ? (value?.minor ?? 0) / factor : (value?.percent ?? 0);
  if (Number(typed.value) !== amount) typed.value = amount ? String(amount) : "";
  /** @param {string} to */
  const choose = (to) => ((chosen.value = to), set(to === "as_usual" ? null : { minor: 0, percent: 0 }));
  /** @param {string} text */
  const type = (text) => {
    typed.value = text.replace(",", ".").replace(/[^\d.-]/g, "");
    const n = Number(typed.value) || 0;
    set(mode === "sum" ? { minor: Math.round(n * factor), percent: 0 } : { minor: 0, percent: Math.round(n) });
  };
  return html`<span class="with-unit"><select id=${id} aria-label=${label} value=${mode} ...${by} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
    ${[...(isOptional ? ["as_usual"] : []), "none", "sum", "share"].map((it) => html`<option key=${it} value=${it} selected=${it === mode}>${named("charge", it)}</option>`)}</select>
    ${["sum", "share"].includes(mode) && html`<input id="${id}-amount" inputmode="decimal" aria-label=${t("charge.how_much", { what: label })} value=${typed.value} maxlength="12" autocomplete="off" onInput=${(/** @type {any} */ event) => type(event.target.value)} /><span>${mode === "sum" ? currency() : t("charge.percent")}</span>`}</span>`;
}
