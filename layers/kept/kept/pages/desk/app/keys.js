/** What the keyboard does everywhere, and the overlay that tells it. */

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { Drawer } from "desk/drawer";
import { isTyping } from "desk/focus";
import { t } from "desk/words";

/** @typedef {{key: string, says: string, act: () => void}} Binding */
/** @type {Map<string, Binding>} */
const bindings = new Map();
export const isHelpOpen = signal(false);

/** @param {string} key as the browser names it @param {string} says the name of its words @param {() => void} act */
export function bind(key, says, act) {
  bindings.set(key, { key, says, act });
}

/** Arrows choose among what is one of several. @param {KeyboardEvent} event */
const isChoosing = (event) => event.key.startsWith("Arrow") && event.target instanceof HTMLInputElement;

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  const isCommand = event.ctrlKey || event.metaKey;
  const name = isCommand ? `Ctrl ${event.key.toUpperCase()}` : event.key;
  const found = bindings.get(name);
  if (!found || (!isCommand && (isTyping(event.target) || isChoosing(event)))) return;
  event.preventDefault();
  found.act();
});

const SHOWN = { ArrowLeft: "←", ArrowRight: "→" };
/** @param {string} key */
const shown = (key) => /** @type {Record<string, string>} */ (SHOWN)[key] ?? key;

export function Help() {
  if (!isHelpOpen.value) return null;
  const rows = [...bindings.values(), { key: "Alt ↑ ↓ ← →", says: "key.move" }, { key: "Alt Shift ↑ ↓", says: "key.resize" }, { key: "Esc", says: "key.close" }];
  return html`<${Drawer} title=${t("keys.title")} onClose=${() => (isHelpOpen.value = false)}>
    <dl class="keys">${rows.map(({ key, says }) => html`<div key=${key}><dt><kbd>${shown(key)}</kbd></dt><dd>${t(says)}</dd></div>`)}</dl>
  <//>`;
}
