/** What an act did, whom it will tell, and how it is taken back. */

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { icon } from "desk/icon";
import { t } from "desk/words";

const STAYS = 12_000; // ms that it is shown
const UNDOABLE = 120_000; // ms that the key for it works: clients hear of nothing before

/** @typedef {{id: number, text: string, undo?: () => Promise<void>, wrong: boolean}} Toast */
/** @type {import("@preact/signals").Signal<Toast[]>} */
export const toasts = signal([]);
/** The last act that can be taken back, also after its notice has gone. @type {{id: number, undo: () => Promise<void>, until: number} | null} */
let last = null;
let count = 0;

/** @param {string} text @param {{undo?: () => Promise<void>, wrong?: boolean}} [how] */
export function say(text, { undo, wrong = false } = {}) {
  const id = ++count;
  toasts.value = [...toasts.value.filter((it) => !it.wrong).slice(-2), { id, text, undo, wrong }];
  if (undo) last = { id, undo, until: Date.now() + UNDOABLE };
  setTimeout(() => dismiss(id), STAYS);
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.value.filter((it) => it.id !== id);
}

/** The last thing that can be, if any. */
export async function undoLast() {
  if (last && Date.now() < last.until) await takeBack(last.id, last.undo);
}

/** @param {number} id @param {() => Promise<void>} undo */
async function takeBack(id, undo) {
  dismiss(id);
  if (last?.id === id) last = null;
  await undo();
}

export function Toasts() {
  return html`<div class="toasts" role="status">
    ${toasts.value.map((it) => html`<div key=${it.id} data-number=${it.id} class=${it.wrong ? "toast wrong" : "toast"}>
      <p>${it.text}</p>
      ${it.undo && html`<button type="button" class="button" onClick=${() => it.undo && takeBack(it.id, it.undo)}>${t("toast.undo")} <kbd>U</kbd></button>`}
      <button type="button" class="bare" aria-label=${t("toast.dismiss")} onClick=${() => dismiss(it.id)}>${icon("x")}</button>
    </div>`)}
  </div>`;
}
