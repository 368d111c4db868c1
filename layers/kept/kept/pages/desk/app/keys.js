/** What the keyboard does everywhere, and the overlay that tells it. */

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { Drawer } from "desk/drawer";
import { isTyping } from "desk/focus";
import { t } from "desk/words";

/** @typedef {{key: string, says: string, act: () => void, field?: string}} Binding */
/** @type {Map<string, Binding>} */
const bindings = new Map();
export const isHelpOpen = signal(false);

/** What was typed before the field was there that a key leads to; null while nothing is waited for. @type {string | null} */
let ahead = null;
const PATIENCE = 10_000;

/** @param {string} key as the browser names it @param {string} says the name of its words @param {() => void} act @param {string} [field] the id of what is typed into next */
export function bind(key, says, act, field) {
  bindings.set(key, { key, says, act, field });
}

/** To a field, if it must be drawn first: nothing typed meanwhile is lost or taken for a command. @param {string} id */
function leadTo(id) {
  ahead = "";
  const reach = () => {
    const field = document.getElementById(id), typed = ahead;
    if (typed !== null && !field) return;
    stop();
    if (typed !== null) field?.focus();
    if (typed) document.execCommand("insertText", false, typed);
  };
  const stop = () => ((ahead = null), drawn.disconnect(), clearTimeout(timer));
  const drawn = new MutationObserver(reach), timer = setTimeout(stop, PATIENCE);
  drawn.observe(document.body, { childList: true, subtree: true });
  reach();
}

/** Arrows choose among what is one of several. @param {KeyboardEvent} event */
const isChoosing = (event) => event.key.startsWith("Arrow") && event.target instanceof HTMLInputElement;

addEventListener("pointerdown", () => (ahead = null));
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") ahead = null;
  if (ahead !== null && !isCommand) {
    if (event.key.length === 1) [ahead] = [ahead + event.key, event.preventDefault()];
    return;
  }
  const name = isCommand ? `Ctrl ${event.key.toUpperCase()}` : event.key;
  const found = bindings.get(name);
  if (!found || (!isCommand && (isTyping(event.target) || isChoosing(event)))) return;
  event.preventDefault();
  found.act();
  if (found.field) leadTo(found.field);
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
