/** An answer over the channel that reaches them, or one that was given elsewhere and is written down. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { AnswerBox } from "desk/answer_box";
import { done, draft } from "desk/drafts";
import { Field } from "desk/parts";
import { does, load } from "desk/work_store";
import { t } from "desk/words";

const MOST = 500; // letters of a note

/** @param {{it: any, onDone: () => void}} its */
export function AnswerForm({ it, onDone }) {
  const pending = useSignal(/** @type {any} */ (null));
  const reached = /** @type {any} */ ({ phone: it.client_phone });
  const sent = () => {
    onDone();
    void load(it.id).catch(() => {});
  };
  return html`<${AnswerBox} id=${it.client} name=${it.client_name} client=${reached} followUp=${it.id} pending=${pending} onSent=${sent} />
    <${Elsewhere} it=${it} onDone=${onDone} />`;
}

/** What was said where Kept does not hear it, by either side. @param {{it: any, onDone: () => void}} its */
function Elsewhere({ it, onDone }) {
  const name = `elsewhere.${it.id}`, typed = draft(name, ""), text = (typed.value ?? "").trim();
  /** @param {string} act @param {object} body @param {any} as */
  const writes = async (act, body, as) => {
    if (await does(it, act, body, { as })) done(name), onDone();
  };
  return html`<${Field} label=${t("elsewhere.text")} name="elsewhere-text" hint=${t("elsewhere.hint")}><input id="elsewhere-text" value=${typed.value} maxlength=${MOST} onInput=${(/** @type {any} */ event) => (typed.value = event.target.value)} /><//>
    <p class="deeds"><button type="button" class="button" onClick=${() => writes("answer", { note: text }, { turn: "theirs", status: "answered" })}>${t("elsewhere.answered")}</button>
      <button type="button" class="button" disabled=${!text} onClick=${() => writes("message", { words: text }, { turn: "ours", words: text })}>${t("elsewhere.theirs")}</button></p>`;
}
