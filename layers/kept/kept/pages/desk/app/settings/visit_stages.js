/** What is done one after the other once somebody is in the chair: a row for each, with its words and its usual length. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { called, does } from "desk/settings/form_state";
import { ownLanguage } from "desk/settings/shown";
import { LANGUAGES, named, t } from "desk/words";

/** @typedef {{name: string, minutes: number, names: Record<string, string>}} VisitStage */
const MOST = 8, AS_USUAL = 15;

/** @param {{form: any}} its */
export function VisitStages({ form }) {
  const all = /** @type {VisitStage[]} */ (form.value("visit_stages") ?? []), set = (/** @type {VisitStage[]} */ to) => form.set("visit_stages", to);
  /** @param {number} n @param {Partial<VisitStage>} more */
  const change = (n, more) => set(all.map((it, at) => (at === n ? { ...it, ...more } : it)));
  return html`<section><h2>${called("services", "visit_stages")}</h2><p class="hint">${does("services", "visit_stages")}</p>
    ${form.problem("visit_stages") && html`<p class="problem" role="alert">${form.problem("visit_stages")}</p>`}
    <ol class="stages">${all.map((it, n) => {
      const which = t("visit_stages.nth", { n: n + 1 }), id = `visit-stage-${n}`;
      return html`<li key=${n} class="stage"><fieldset><legend>${which}</legend><div class="pair">
        <label class="part" for=${id}>${t("visit_stages.name")}<input id=${id} maxlength="40" autocomplete="off" value=${it.name} onInput=${(/** @type {any} */ event) => change(n, { name: event.target.value })} /></label>
        ${LANGUAGES.filter((tag) => tag !== ownLanguage()).map((tag) => html`<label key=${tag} class="part" for="${id}-${tag}">${named("tongue", tag)}<input id="${id}-${tag}" lang=${tag} maxlength="40" autocomplete="off" value=${it.names?.[tag] ?? ""} onInput=${(/** @type {any} */ event) => change(n, { names: Object.fromEntries(Object.entries({ ...it.names, [tag]: event.target.value }).filter(([, said]) => said.trim())) })} /></label>`)}
        <label class="part" for="${id}-minutes">${t("visit_stages.minutes")}<input id="${id}-minutes" type="number" inputmode="numeric" min="1" max="1440" step="1" value=${it.minutes} onInput=${(/** @type {any} */ event) => change(n, { minutes: Math.round(Number(event.target.value)) })} /></label></div>
        <button type="button" class="plain" aria-label=${t("settings.remove", { what: it.name || which })} onClick=${() => set(all.filter((_, at) => at !== n))}>${icon("trash")} ${t("hours.off_remove")}</button></fieldset></li>`;
    })}</ol>
    ${all.length < MOST && html`<p class="deeds"><button type="button" class="button" id="add-visit-stage" onClick=${() => set([...all, { name: "", minutes: AS_USUAL, names: {} }])}>${icon("plus")} ${t("visit_stages.add")}</button></p>`}</section>`;
}
