/** The questions of a service: each with its words in both languages, its choices, and what follows from an answer. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { called, does } from "desk/settings/form_state";
import { newId } from "desk/settings/new_id";
import { ownLanguage } from "desk/settings/shown";
import { catalog } from "desk/settings/settings_store";
import { LANGUAGES, named, t } from "desk/words";

/** @typedef {{id: string, text: string, texts: Record<string, string>}} Choice */
/** @typedef {{then: string, equals: string, over: number | null, under: number | null, text: string, texts: Record<string, string>, service: string, call: boolean}} Rule */
/** @typedef {Choice & {kind: string, required: boolean, choices: Choice[], rules: Rule[]}} Question */

const KINDS = ["choice", "yes_no", "number", "text"], VERDICTS = ["book", "ask", "decline"], MOST = 10;
/** @type {Rule} */
const RULE = { then: "ask", equals: "", over: null, under: null, text: "", texts: {}, service: "", call: false };

/** One of them otherwise; null takes it out. @template T @param {T[]} all @param {number} n @param {Partial<T> | null} more @returns {T[]} */
const changed = (all, n, more) => (more ? all.map((it, at) => (at === n ? { ...it, ...more } : it)) : all.filter((_, at) => at !== n));

/** @param {{form: any, service: string}} its */
export function Questions({ form, service }) {
  const all = /** @type {Question[]} */ (form.value("questions") ?? []), set = (/** @type {Question[]} */ to) => form.set("questions", to);
  const add = () => set([...all, { id: newId("", "question"), text: "", texts: {}, kind: "yes_no", required: true, choices: [], rules: [] }]);
  return html`<section><h2>${called("services", "questions")}</h2><p class="hint">${does("services", "questions")}</p>
    ${form.problem("questions") && html`<p class="problem" role="alert">${form.problem("questions")}</p>`}
    <ol class="stages">${all.map((it, n) => html`<li key=${it.id} class="stage"><${One} it=${it} n=${n} service=${service} take=${(/** @type {Partial<Question> | null} */ more) => set(changed(all, n, more))} /></li>`)}</ol>
    ${all.length < MOST && html`<p class="deeds"><button type="button" class="button" id="add-question" onClick=${add}>${icon("plus")} ${t("questions.add")}</button></p>`}</section>`;
}

/** @param {{it: Question, n: number, service: string, take: (more: Partial<Question> | null) => void}} its */
function One({ it, n, service, take }) {
  const id = `question-${n}`, name = t("questions.one", { n: n + 1 });
  /** @param {string} kind */
  const becomes = (kind) => take({ kind, rules: [], choices: kind === "choice" ? [0, 1].map(() => ({ id: newId("", "choice"), text: "", texts: {} })) : [] });
  return html`<fieldset><legend>${name}</legend>
    <${Words} id=${id} label=${t("questions.text")} it=${it} take=${take} />
    <div class="pair"><label class="part" for="${id}-kind">${t("questions.kind")}<select id="${id}-kind" value=${it.kind} onChange=${(/** @type {any} */ event) => becomes(event.target.value)}>${KINDS.map((kind) => html`<option key=${kind} value=${kind} selected=${kind === it.kind}>${named("question_kind", kind)}</option>`)}</select></label>
      <label class="choice"><input type="checkbox" id="${id}-required" checked=${it.required} onChange=${(/** @type {any} */ event) => take({ required: event.target.checked })} /> <span>${t("questions.required")}</span></label></div>
    ${it.kind === "choice" && html`<fieldset><legend>${t("questions.choices")}</legend>${it.choices.map((one, m) => html`<div key=${one.id}><${Words} id="${id}-choice-${m}" label=${t("questions.choice", { n: m + 1 })} it=${one} take=${(/** @type {any} */ more) => take({ choices: changed(it.choices, m, more) })} />
        <${Remove} what="${name}, ${t("questions.choice", { n: m + 1 })}" onClick=${() => take({ choices: changed(it.choices, m, null), rules: it.rules.filter((rule) => rule.equals !== one.id) })} /></div>`)}
      <p class="deeds"><button type="button" class="plain" onClick=${() => take({ choices: [...it.choices, { id: newId("", "choice"), text: "", texts: {} }] })}>${t("questions.add_choice")}<span class="unseen">, ${name}</span></button></p></fieldset>`}
    ${it.kind !== "text" && html`<fieldset><legend>${t("questions.rules")}</legend>${it.rules.map((rule, m) => html`<${Follows} key=${m} id="${id}-rule-${m}" of=${it} it=${rule} name="${name}, ${t("questions.rule", { n: m + 1 })}" service=${service} take=${(/** @type {any} */ more) => take({ rules: changed(it.rules, m, more) })} />`)}
      <p class="deeds"><button type="button" class="plain" id="${id}-add-rule" onClick=${() => take({ rules: [...it.rules, it.kind === "number" ? { ...RULE, over: 0 } : { ...RULE, equals: answersOf(it)[0][0] }] })}>${t("questions.add_rule")}<span class="unseen">, ${name}</span></button></p></fieldset>`}
    <${Remove} what=${name} onClick=${() => take(null)} /></fieldset>`;
}

/** Each with its words. @param {Question} it @returns {[string, string][]} */
const answersOf = (it) => (it.kind === "yes_no" ? [["yes", t("questions.yes")], ["no", t("questions.no")]] : it.choices.map((one) => [one.id, one.text]));

/** @param {{id: string, of: Question, it: Rule, name: string, service: string, take: (more: Partial<Rule> | null) => void}} its */
function Follows({ id, of, it, name, service, take }) {
  const offered = it.call ? "call" : it.service, others = (catalog.value?.services ?? []).filter((one) => one.id !== service && !one.archived);
  /** @param {"over" | "under"} side */
  const bound = (side) => html`<label class="part" for="${id}-${side}">${t(`questions.${side}`)}<input id="${id}-${side}" type="number" step="1" value=${it[side] ?? ""} onInput=${(/** @type {any} */ event) => take({ [side]: event.target.value === "" ? null : Math.round(Number(event.target.value)) })} /></label>`;
  return html`<div class="stage" role="group" aria-label=${name}><div class="pair">
      ${of.kind === "number" ? html`${bound("over")}${bound("under")}` : html`<label class="part" for="${id}-equals">${t("questions.when")}<select id="${id}-equals" value=${it.equals} onChange=${(/** @type {any} */ event) => take({ equals: event.target.value })}>${answersOf(of).map(([value, says]) => html`<option key=${value} value=${value} selected=${value === it.equals}>${says}</option>`)}</select></label>`}
      <label class="part" for="${id}-then">${t("questions.then")}<select id="${id}-then" value=${it.then} onChange=${(/** @type {any} */ event) => take({ then: event.target.value, ...(event.target.value !== "decline" && { text: "", texts: {}, service: "", call: false }) })}>${VERDICTS.map((one) => html`<option key=${one} value=${one} selected=${one === it.then}>${named("verdict", one)}</option>`)}</select></label></div>
    ${it.then === "decline" && html`<${Words} id="${id}-says" label=${t("questions.says")} it=${it} take=${take} />
      <label class="part" for="${id}-offers">${t("questions.offers")}<select id="${id}-offers" value=${offered} onChange=${(/** @type {any} */ event) => take({ call: event.target.value === "call", service: event.target.value === "call" ? "" : event.target.value })}>
        <option value="">${t("questions.offers_nothing")}</option><option value="call" selected=${it.call}>${t("questions.offers_call")}</option>${others.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === it.service}>${one.name}</option>`)}</select></label>`}
    <${Remove} what=${name} onClick=${() => take(null)} /></div>`;
}

/** In the business's own language, and in the others. @param {{id: string, label: string, it: {text: string, texts: Record<string, string>}, take: (more: any) => void}} its */
const Words = ({ id, label, it, take }) => html`<div class="pair"><label class="part" for=${id}>${label}<input id=${id} maxlength="200" autocomplete="off" value=${it.text} onInput=${(/** @type {any} */ event) => take({ text: event.target.value })} /></label>
  ${LANGUAGES.filter((tag) => tag !== ownLanguage()).map((tag) => html`<label key=${tag} class="part" for="${id}-${tag}">${label} (${named("tongue", tag)})<input id="${id}-${tag}" lang=${tag} maxlength="200" autocomplete="off" value=${it.texts?.[tag] ?? ""} onInput=${(/** @type {any} */ event) => take({ texts: Object.fromEntries(Object.entries({ ...it.texts, [tag]: event.target.value }).filter(([, said]) => said)) })} /></label>`)}</div>`;

/** @param {{what: string, onClick: () => void}} its */
const Remove = ({ what, onClick }) => html`<p class="deeds"><button type="button" class="plain" aria-label=${t("settings.remove", { what })} onClick=${onClick}>${icon("trash")} ${t("hours.off_remove")}</button></p>`;
