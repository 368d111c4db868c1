/** Small pieces that every view is made of. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { moment } from "desk/when";
import { named, t } from "desk/words";

/** A state by colour, word and shape. @param {string} family @param {string} name */
export const badge = (family, name) => html`<span class="status ${family}-${name}">${named(family, name)}</span>`;

/** @param {string | null | undefined} at @param {(at: string) => string} [how] with the exact moment on hover and focus */
export const time = (at, how = moment) => at && html`<time dateTime=${at} title=${moment(at)}>${how(at)}</time>`;

/** @param {string} label @param {any} value nothing is shown of what there is not */
export const fact = (label, value) =>
  value !== null && value !== undefined && value !== "" && value !== false && html`<div><dt>${label}</dt><dd class="lines">${value}</dd></div>`;

/** What will be here, and what begins it. @param {{title: string, text?: string, children?: any}} its */
export const Empty = ({ title, text, children }) => html`<div class="empty"><p class="empty-title">${title}</p>${text && html`<p>${text}</p>`}${children}</div>`;

/** Why there is nothing to see, and a way on. @param {{why: string, again: () => unknown}} its */
export const Failed = ({ why, again }) => html`<div class="wrong" role="alert"><p>${why}</p><p><button type="button" class="button" onClick=${again}>${t("way.again")}</button></p></div>`;

/** The shape of what is being loaded. @param {{rows?: number}} its */
export const Skeleton = ({ rows = 6 }) => html`<div class="skeleton" aria-hidden="true">${Array.from({ length: rows }, (_, n) => html`<div key=${n}></div>`)}</div>`;

/** @param {{label: string, children?: any, hint?: string, problem?: string, name: string}} its */
export const Field = ({ label, children, hint, problem, name }) => html`<div class=${problem ? "field bad" : "field"}>
  <label for=${name}>${label}</label>
  ${hint && html`<span class="hint" id="${name}-hint">${hint}</span>`}
  ${problem && html`<span class="problem" id="${name}-problem" role="alert">${problem}</span>`}
  ${children}
</div>`;

/** Things to look out for with a client, wherever they appear. @param {{alerts?: string[]}} its */
export const Alerts = ({ alerts = [] }) => alerts.length > 0 && html`<ul class="alerts" aria-label=${t("alerts.name")}>
  ${alerts.map((text) => html`<li key=${text}>${icon("triangle-alert")} ${text}</li>`)}
</ul>`;

/** What a field does with what is typed into it. @param {import("@preact/signals").Signal<any>} into @param {(given: string) => any} [as] */
export const takes = (into, as = (given) => given) => (/** @type {any} */ event) => (into.value = as(event.target.value));

/** Sends what is typed, from wherever in it. @param {() => unknown} act */
export const atCtrlEnter = (act) => (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  act();
};
