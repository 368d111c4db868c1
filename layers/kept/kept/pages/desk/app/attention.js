/** What needs attention, as counts that lead there: late clocks, what could not be told, things set aside. */

import { computed, effect, signal } from "@preact/signals";
import { html } from "htm/preact";
import { get, news } from "desk/api";
import { me } from "desk/business";
import { icon } from "desk/icon";
import { minute } from "desk/when";
import { many } from "desk/words";

const EVERY = 60_000, ASIDE_EVERY = 300_000; // ms
const UNTOLD = ["failed_message", "not_told", "wrong_number"];

/** @type {import("@preact/signals").Signal<any[]>} what is open for whoever is signed in, soonest due first */
export const mine = signal([]);
/** How much was set aside; told to who leads alone. */
export const aside = signal(0);

/** @param {any} it a follow-up */
export const isLate = (it) => it.answer_by !== null && Date.parse(it.answer_by) < minute.value;
const late = computed(() => mine.value.filter(isLate).length);

/** @type {Promise<any> | null} */
let asking = null;
const drawing = news();

/** The first part of one's own list; asked for once, however many want it, and anew by who has changed it. @returns {Promise<{follow_ups: any[], next: string | null}>} */
export function lookAround(isAnew = false) {
  if (asking && !isAnew) return asking;
  const isNews = drawing.asks(), its = get("/v1/desk/follow-ups/mine").then((found) => {
    if (isNews()) mine.value = found.follow_ups;
    return found;
  }).finally(() => asking === its && (asking = null));
  return (asking = its);
}

export async function countAside() {
  if (me.value?.leads) aside.value = (await get("/v1/desk/set-aside")).length;
}

/** @param {() => boolean} isWanted also while nobody looks at the tab */
export function keepLooking(isWanted) {
  const may = () => document.visibilityState === "visible" || isWanted();
  const look = () => void (may() && lookAround().catch(() => {})); // the next look may see it; a notice says when nothing can be reached
  const recount = () => void (document.visibilityState === "visible" && countAside().catch(() => {}));
  look();
  recount();
  setInterval(look, EVERY);
  setInterval(recount, ASIDE_EVERY);
  document.addEventListener("visibilitychange", look);
}

/** In the tab's own title, for who looks at another: whatever a view calls itself, the count stands before it. */
function count() {
  const title = document.title.replace(/^\(\d+\) /, ""), wanted = late.value ? `(${late.value}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
}
effect(count);
new MutationObserver(count).observe(document.head, { childList: true, subtree: true, characterData: true });

export function Attention() {
  const open = mine.value.length, untold = mine.value.filter((it) => UNTOLD.includes(it.cause)).length;
  return html`
    ${open > 0 && html`<a class=${late.value ? "attention late" : "attention"} href="/desk/work">${icon(late.value ? "alarm-clock" : "inbox")} ${late.value ? many("attention.late", late.value) : many("attention.open", open)}</a>`}
    ${untold > 0 && html`<a class="attention" href="/desk/work?tab=failed">${icon("triangle-alert")} ${many("attention.untold", untold)}</a>`}
    ${aside.value > 0 && html`<a class="attention" href="/desk/work?tab=aside">${icon("rotate-ccw")} ${many("attention.aside", aside.value)}</a>`}`;
}
