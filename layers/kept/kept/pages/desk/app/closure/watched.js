/** A day that cannot be, once it is decided: who knows, who has answered, whom somebody has to call, and taking it back. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { serviceName, staffName } from "desk/business";
import { placeName, whenOf } from "desk/closure/said";
import { refresh } from "desk/day_store";
import { Drawer } from "desk/drawer";
import { Empty, Failed, Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { asking } from "desk/route";
import { say } from "desk/toasts";
import { moment, soon } from "desk/when";
import { many, named, sentences, t } from "desk/words";

/** @typedef {{appointment: string, client_name: string, service: string, was: string, was_staff: string, start: string | null, staff: string | null, status: string | null, tell_at: string, became: string, channel: string | null, message: string | null, follow_up: string | null}} Reached */
/** @typedef {{id: string, scope: string, of: string | null, start: string, end: string, why: string, undone_at: string | null}} Closed */
/** @typedef {Closed & {by: string, at: string, complete: boolean, reached: Reached[]}} Whole */

const EVERY = 10_000; // ms
const ORDER = ["call", "told", "waits", "answered", "over", "back"];
/** As what they look, everywhere. @type {Record<string, string>} */
const LOOKS = { waits: "message-queued", told: "phase-waiting", answered: "message-sent", call: "message-failed" };

/** What this tab has just decided, which goes on by itself to its end. @type {import("@preact/signals").Signal<Whole | null>} */
export const begun = signal(null);

/** @param {Whole} it */
const untried = (it) => it.reached.filter((one) => one.became === "call" && !one.follow_up && one.start === one.was).length;

/** @param {{id: string, onClose: () => void}} its */
export function Watched({ id, onClose }) {
  const mine = begun.peek()?.id === id ? begun.peek() : null;
  const found = useSignal(/** @type {Whole | null} */ (mine)), wrong = useSignal(""), { refused, isBusy, acts } = useActing();
  const path = `/v1/desk/closures/${encodeURIComponent(id)}`, load = () => get(path).then((its) => ([found.value, wrong.value] = [its, ""]), (error) => void (found.value || (wrong.value = explained(error))));
  const goOn = () => acts(async () => {
    try {
      for (let left = Infinity; ; left = untried(found.value ?? (await get(path)))) {
        found.value = await post(`${path}/go-on`);
        if (!found.value || found.value.complete || untried(found.value) >= left) break;
      }
    } catch (error) {
      await load(); // it may have been taken back by somebody else
      throw error;
    } finally {
      void refresh();
    }
  });
  const undo = () => acts(async () => {
    try {
      found.value = await post(`${path}/undo`);
      say(many("closure.went_back", found.value?.reached.filter((it) => it.became === "back").length ?? 0));
    } finally {
      void refresh();
    }
  });
  useEffect(() => {
    if (mine) {
      begun.value = null;
      say(mine.reached.some((it) => it.became === "waits") ? t("closure.decided") : t("closure.decided_alone"), { undo });
      if (!mine.complete) void goOn();
    } else void load();
    const timer = setInterval(() => document.visibilityState === "visible" && !isBusy.peek() && load(), EVERY);
    return () => clearInterval(timer);
  }, []);
  const its = found.value;
  if (!its) return html`<${Drawer} title=${t("closure.title")} onClose=${onClose} wide=${true}>${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : html`<${Skeleton} rows=${4} />`}<//>`;
  const countOf = (/** @type {string[]} */ ...states) => its.reached.filter((it) => states.includes(it.became)).length;
  const back = countOf("waits"), stay = its.reached.filter((it) => ["told", "answered"].includes(it.became) || (it.became === "call" && it.start !== it.was)).length;
  const sorted = [...its.reached].sort((a, b) => ORDER.indexOf(a.became) - ORDER.indexOf(b.became) || a.was.localeCompare(b.was));
  return html`<${Drawer} title=${t("closure.closed", { name: placeName(its), when: whenOf(its) })} onClose=${onClose} wide=${true}
    actions=${!its.undone_at && html`<p class="deeds"><button type="button" class="button" disabled=${isBusy.value} onClick=${undo}>${t("closure.undo")}</button>
      <span class="about" role="status">${stay ? sentences(back > 0 && many("closure.undo_back", back), many("closure.undo_stay", stay)) : t("closure.undo_whole")}</span></p>`}>
    <p>${its.why} <span class="about">${t("closure.by", { name: staffName(its.by), at: moment(its.at) })}</span></p>
    ${its.undone_at && html`<p class="note" role="status">${t("closure.undone_at", { at: moment(its.undone_at) })}</p>`}
    ${refused.value && html`<p class="wrong" role="alert">${refused.value} <a class="button" href=${asking({ closing: "new" })}>${t("closure.anew")}</a></p>`}
    ${!its.complete && html`<p role="status"><progress aria-label=${t("closure.progress_name")} max=${its.reached.length} value=${its.reached.length - untried(its)}></progress> ${t("closure.progress", { n: its.reached.length - untried(its), all: its.reached.length })}</p>`}
    ${!its.reached.length ? html`<${Empty} title=${t("closure.nobody_reached")} text=${t("closure.nobody_reached_text")} />` : html`
      <p class="deeds" role="status">${ORDER.filter((it) => countOf(it)).map((it) => html`<span key=${it} class="status ${LOOKS[it] ?? ""}">${t("closure.count", { n: countOf(it), state: named("reached", it) })}</span>`)}</p>`}
    ${!its.undone_at && (!its.complete || countOf("call") > 0) && html`<p class="deeds"><button type="button" class=${its.complete ? "button" : "main"} disabled=${isBusy.value} onClick=${goOn}>${t(its.complete ? "closure.again" : "closure.go_on")}</button> <span class="about">${its.complete && t("closure.again_does")}</span></p>`}
    <ol class="cards work">${sorted.map((it) => html`<${Line} key=${it.appointment + it.was} it=${it} />`)}</ol>
  <//>`;
}

/** @param {{it: Reached}} its */
function Line({ it }) {
  const isMoved = it.start && it.start !== it.was, calls = it.became === "call" && it.follow_up;
  return html`<li class="row"><a class="row-open" href=${calls ? `/desk/follow-ups/${encodeURIComponent(it.follow_up ?? "")}` : `/desk/appointments/${encodeURIComponent(it.appointment)}`}><strong class="name">${it.client_name || t("closure.forgotten")}</strong> <span class="about">${[it.service && serviceName(it.service), staffName(it.staff ?? it.was_staff)].filter(Boolean).join(" · ")}</span><br />${time(it.was, soon)}${isMoved && html` → <strong>${time(it.start, soon)}</strong>`}</a>
    <span class="row-state"><span class="status ${LOOKS[it.became] ?? ""}">${named("reached", it.became)}</span>
      ${it.became === "waits" && html`<span class="about">${it.channel && named("by", it.channel)}, ${time(it.tell_at, soon)}</span>`}
      ${it.became === "told" && it.channel && html`<span class="about">${named("by", it.channel)}</span>`}
      ${it.became === "answered" && it.status && badge("status", it.status)}</span></li>`;
}
