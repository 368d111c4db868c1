/** From how long a wait on which share of the price is credited: a row for each step. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { t } from "desk/words";

/** @typedef {{minutes: number, percent: number}} Step */
const MOST = 6;

/** @param {{id: string, value: Step[], label: string, set: (steps: Step[]) => void}} its */
export function WaitSteps({ id, value, label, set }) {
  /** @param {number} n @param {keyof Step} what @param {string} text */
  const change = (n, what, text) => set(value.map((it, at) => (at === n ? { ...it, [what]: Math.round(Number(text)) } : it)));
  const more = () => {
    const last = value[value.length - 1];
    set([...value, last ? { minutes: last.minutes + 30, percent: last.percent } : { minutes: 15, percent: 5 }]);
  };
  return html`<ul class="spans" id=${id}>${value.map((it, n) => {
    const which = t("wait_steps.nth", { what: label, n: n + 1 });
    return html`<li key=${n}><input type="number" inputmode="numeric" min="1" max="1440" aria-label="${which}, ${t("unit.minutes")}" value=${it.minutes} onInput=${(/** @type {any} */ event) => change(n, "minutes", event.target.value)} /> <span>${t("unit.minutes")}</span>
      <input type="number" inputmode="numeric" min="0" max="100" aria-label="${which}, ${t("unit.percent")}" value=${it.percent} onInput=${(/** @type {any} */ event) => change(n, "percent", event.target.value)} /> <span>${t("unit.percent")}</span>
      <button type="button" class="bare" aria-label=${t("settings.remove", { what: which })} onClick=${() => set(value.filter((_, at) => at !== n))}>${icon("x")}</button></li>`;
  })}${value.length < MOST && html`<li><button type="button" class="button" onClick=${more}>${icon("plus")} ${t("wait_steps.add")}</button></li>`}</ul>`;
}
