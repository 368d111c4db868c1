/** A notification of the browser, where somebody asked for it: something of theirs is about to be missed, and of whom it is stands here alone. */

import { effect, signal } from "@preact/signals";
import { html } from "htm/preact";
import { mine } from "desk/attention";
import { recall, remember } from "desk/kept_in_tab";
import { go } from "desk/route";
import { lasting, minute } from "desk/when";
import { t } from "desk/words";

const AHEAD = 10 * 60_000; // ms before its deadline
const TOLD = "reminded-of";

const permission = signal("Notification" in window ? Notification.permission : "unsupported");
export const isReminding = () => permission.value === "granted";

/** @type {Set<string>} */
const told = new Set(recall(TOLD) ?? []);

/** One for a follow-up, and only while the tab is hidden: who looks at it sees the clock. */
effect(() => {
  const now = minute.value, all = mine.value;
  if (!isReminding() || document.visibilityState === "visible") return;
  for (const it of all) {
    const left = Date.parse(it.answer_by ?? "") - now;
    if (told.has(it.id) || !(left > 0 && left <= AHEAD)) continue;
    told.add(it.id);
    remember(TOLD, [...told]);
    const shown = new Notification(t("remind.title"), { body: t("remind.text", { span: lasting(left / 60_000) }), tag: it.id });
    shown.onclick = () => (window.focus(), go(`/desk/follow-ups/${encodeURIComponent(it.id)}`), shown.close());
  }
});

/** Asks for it, in the menu: a browser may be asked by a click alone. */
export function RemindMe() {
  if (permission.value === "unsupported") return null;
  if (permission.value === "default") {
    return html`<button type="button" class="plain" onClick=${async () => (permission.value = await Notification.requestPermission())}>${t("remind.ask")}</button>`;
  }
  return html`<p class="about">${isReminding() ? t("remind.on") : t("remind.blocked")}</p>`;
}
