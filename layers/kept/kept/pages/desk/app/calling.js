/** A call in two clicks: dial, and say what came of it. */

import { html } from "htm/preact";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { Field } from "desk/parts";
import { called } from "desk/work_store";
import { t } from "desk/words";

const OUTCOMES = ["reached", "no_answer", "voicemail", "wrong_number"];

/** @param {{it: any, script?: string, note?: boolean}} its `script` is the first line to say */
export function Calling({ it, script = "", note = false }) {
  const name = `call.${it.id}`, typed = draft(name, "");
  /** @param {string} outcome */
  const came = async (outcome) => {
    if (await called(it, outcome, typed.value.trim())) done(name);
  };
  return html`
    ${script && html`<blockquote class="lines">${script}</blockquote>`}
    ${it.client_phone ? html`<p class="deeds"><a class=${note ? "main dial" : "button first dial"} href="tel:${it.client_phone}">${icon("phone")} ${t("work.dial", { number: it.client_phone_written })}</a></p>`
      : html`<p class="about">${t("work.no_number")}</p>`}
    <p class="deeds" role="group" aria-label=${t("call.title")}>${OUTCOMES.map((outcome) => html`<button type="button" class="button" key=${outcome} onClick=${() => came(outcome)}>${t(`call.${outcome}`)}</button>`)}</p>
    ${note && html`<${Field} label=${t("call.note")} name="call-note"><input id="call-note" value=${typed.value} maxlength="400" onInput=${(/** @type {any} */ event) => (typed.value = event.target.value)} /><//>`}`;
}
