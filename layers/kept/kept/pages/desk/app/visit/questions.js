/** The questions of a service, as staff may ask them while they book: none has to be answered. */

import { html } from "htm/preact";
import { Field } from "desk/parts";
import { t } from "desk/words";

/** @typedef {{id: string, text: string, kind: string, choices: {id: string, text: string}[]}} Question */

/** @param {{asked: Question[], said: Record<string, string>, set: (said: Record<string, string>) => void}} its */
export const Questions = ({ asked, said, set }) => html`<fieldset><legend>${t("asked.title")}</legend>${asked.map((it) => {
  const id = `asked-${it.id}`, takes = (/** @type {any} */ event) => set({ ...said, [it.id]: event.target.value });
  const among = it.kind === "yes_no" ? [{ id: "yes", text: t("asked.yes") }, { id: "no", text: t("asked.no") }] : it.choices;
  return html`<${Field} key=${it.id} label=${it.text} name=${id}>${["yes_no", "choice"].includes(it.kind)
    ? html`<select id=${id} value=${said[it.id] ?? ""} onInput=${takes}><option value=""></option>${among.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === said[it.id]}>${one.text}</option>`)}</select>`
    : html`<input id=${id} value=${said[it.id] ?? ""} maxlength=${it.kind === "number" ? 12 : 500} inputmode=${it.kind === "number" ? "numeric" : undefined} autocomplete="off" onInput=${takes} />`}<//>`;
})}</fieldset>`;
