/** Reminders: the stages on a line that ends at the visit, what a client gets when, and the words of each beside them. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { SettingsForm } from "desk/settings/form";
import { catalog } from "desk/settings/settings_store";
import { lasting } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {{name: string, before: number, asks: boolean, unless_confirmed: boolean, at_risk: boolean, over: string | null}} Stage */

const HOUR = 60, DAY = 1440;
const FLAGS = /** @type {const} */ (["asks", "unless_confirmed", "at_risk"]);
/** How far ahead the line goes: to the first stage, and never less than a day. @param {Stage[]} stages */
const longest = (stages) => Math.max(DAY, ...stages.map((it) => it.before));
/** Hours near the visit take as much room as days farther off. @param {number} before @param {Stage[]} stages */
const place = (before, stages) => 1 - Math.log1p(before / HOUR) / Math.log1p(longest(stages) / HOUR);

export const Reminders = () => html`<${SettingsForm} kind="business" id="business" groups=${[]} also=${[{ at: "stages", as: "stages" }]} name=${() => named("part", "reminders")}>${(/** @type {any} */ form) => html`
  <section><${Stages} stages=${form.value("stages")} usual=${form.usual("stages")} set=${(/** @type {Stage[]} */ it) => form.set("stages", it)} problem=${form.problem("stages")} /></section>`}<//>`;

/** @param {{stages: Stage[], usual?: Stage[], set: (stages: Stage[]) => void, problem: string}} its */
export function Stages({ stages, usual, set, problem }) {
  const inOrder = [...stages].map((it, n) => ({ it, n })).sort((one, other) => other.it.before - one.it.before);
  /** @param {number} n @param {Partial<Stage>} more */
  const change = (n, more) => set(stages.map((it, which) => (which === n ? { ...it, ...more } : it)));
  const add = () => set([...stages, { name: freeName(stages), before: freeTime(stages), asks: true, unless_confirmed: false, at_risk: false, over: null }]);
  return html`<p class="hint">${t("stages.does")}${usual && html` <span class="usual">${t("settings.default", { value: usual.map((it) => t("stages.before", { span: lasting(it.before) })).join(", ") })}</span>`}</p>
    <ol class="stage-line" aria-hidden="true">${inOrder.map(({ it, n }) => html`<li key=${n} style=${{ "--at": place(it.before, stages) }}><span></span>${lasting(it.before)}</li>`)}<li style=${{ "--at": 1 }} class="visit-at"><span></span>${t("stages.visit")}</li></ol>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <ol class="stages"><li class="stage"><p><strong>${t("stages.at_booking")}</strong> · ${named("stage", "confirmation")} <a class="plain" href="/desk/settings/texts?stage=confirmation">${t("stages.words")}</a></p></li>
    ${inOrder.map(({ it, n }) => html`<li key=${n} class="stage"><fieldset><legend>${t("stages.before", { span: lasting(it.before) })} · ${named("stage", it.name)}</legend>
      <p class="about">${gets(it)}</p>
      <div class="pair"><label class="part">${t("stages.hours")}<input type="number" id="stage-${n}-before" min="0.25" step="any" value=${it.before / HOUR} onChange=${(/** @type {any} */ event) => change(n, { before: Math.round(Number(event.target.value) * HOUR) })} /></label>
        <label class="part">${t("stages.over")}<select id="stage-${n}-over" value=${it.over ?? ""} onChange=${(/** @type {any} */ event) => change(n, { over: event.target.value || null })}><option value="">${t("stages.usual_way")}</option>${[...new Set([...(catalog.value?.business.channels ?? []), "call"])].map((/** @type {string} */ way) => html`<option key=${way} value=${way}>${named("way_of", way)}</option>`)}</select></label></div>
      ${FLAGS.map((flag) => html`<label class="choice" key=${flag}><input type="checkbox" id="stage-${n}-${flag}" checked=${it[flag]} onChange=${(/** @type {any} */ event) => change(n, { [flag]: event.target.checked })} /> <span>${named("stage_flag", flag)}</span></label>`)}
      <p class="deeds"><a class="plain" href="/desk/settings/texts?stage=${encodeURIComponent(it.name)}">${t("stages.words")}</a><button type="button" class="plain" aria-label=${t("settings.remove", { what: named("stage", it.name) })} onClick=${() => set(stages.filter((_, which) => which !== n))}>${icon("trash")} ${t("hours.off_remove")}</button></p></fieldset></li>`)}</ol>
    <p class="deeds"><button type="button" class="button" id="add-stage" onClick=${add}>${icon("plus")} ${t("stages.add")}</button>
      ${usual && html`<button type="button" class="plain" onClick=${() => set(usual)}>${icon("undo")} ${t("settings.to_default")}</button>`}</p>`;
}

/** What a client gets then. @param {Stage} it */
function gets(it) {
  const who = t(it.at_risk ? "stages.for_risk" : "stages.for_all"), what = it.over === "call" ? t("stages.by_call") : it.over ? t("stages.by", { way: named("way_of", it.over) }) : t("stages.by_usual");
  return [who, what, t(it.asks ? "stages.asks" : "stages.tells"), it.unless_confirmed ? t("stages.unless") : ""].filter(Boolean).join(" ");
}

/** @param {Stage[]} stages */
function freeName(stages) {
  let n = 1;
  while (stages.some((it) => it.name === `reminder_${n}`)) n += 1;
  return `reminder_${n}`;
}

/** A time at which there is none yet. @param {Stage[]} stages */
function freeTime(stages) {
  let days = 1;
  while (stages.some((it) => it.before === days * DAY)) days += 1;
  return days * DAY;
}
