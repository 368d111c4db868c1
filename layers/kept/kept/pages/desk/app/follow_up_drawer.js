/** One follow-up beside the list: whom to reach, what they wrote, what to tell them, by when and why, and what is done. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { staffName } from "desk/business";
import { Calling } from "desk/calling";
import { Drawer } from "desk/drawer";
import { DueBadge, isClosed, isPaused } from "desk/due_badge";
import { FollowUpActs } from "desk/follow_up_acts";
import { FollowUpHistory } from "desk/follow_up_history";
import { Later } from "desk/later";
import { address } from "desk/route";
import { Skeleton, badge, fact, time } from "desk/parts";
import { explained } from "desk/refusals";
import { list, load, opened, pathOf, resume, setBeside } from "desk/work_store";
import { isOwnZone, zoneName } from "desk/when";
import { language, named, t } from "desk/words";

const deciding = () => import("desk/visit/deciding").then((it) => it.Deciding);
const EVERY = 20_000; // ms; others write on it, too

/** @param {{id: string, onClose: () => void}} its */
export function FollowUpDrawer({ id, onClose }) {
  const wrong = useSignal("");
  useEffect(() => {
    setBeside(id);
    const look = () => document.visibilityState === "visible" && load(id).then(() => (wrong.value = ""), (error) => (wrong.value = explained(error)));
    look();
    const timer = setInterval(look, EVERY);
    return () => {
      clearInterval(timer);
      setBeside("");
    };
  }, [id, language.value]);
  const whole = opened.value?.id === id ? opened.value : null, it = whole ?? list.value.rows?.find((one) => one.id === id);
  return html`<${Drawer} title=${it?.client_name || t("followup.nobody")} onClose=${onClose}>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${it ? html`<${Standing} it=${it} />` : !wrong.value && html`<${Skeleton} />`}
    ${whole && html`<${Whole} it=${whole} key=${id} />`}
  <//>`;
}

/** @param {{it: any}} its */
const Standing = ({ it }) => html`<p class="badges">${badge("cause", it.cause)} ${badge("phase", it.phase)} ${!isClosed(it) && html`<${DueBadge} of=${it} /> ${badge("turn", it.turn)}`}
  ${it.tier === "vip" && badge("tier", it.tier)} ${it.priority !== "normal" && badge("priority", it.priority)}</p>`;

/** A call that a message became: its first line is what to say. @param {any} it */
const script = (it) => (it.cause === "call" && it.history[0]?.what === "opened" ? it.history[0].why : "");

/** @param {{it: any}} its */
function Whole({ it }) {
  const due = it.clock?.due, say = it.to_tell || script(it), path = `/desk/clients/${encodeURIComponent(it.client)}`;
  const number = it.client_phone && html`<a href="tel:${it.client_phone}">${it.client_phone_written}</a>`;
  return html`
    ${(it.words || say) && html`<dl class="facts">${fact(t("followup.wrote"), it.words && html`<blockquote class="lines">${it.words}</blockquote>`)} ${fact(t("followup.tell"), say)}</dl>`}
    ${it.client_phone && !isClosed(it) && html`<section class="calling"><h3>${t("call.title")}</h3><${Calling} it=${it} note=${true} /><p class="about">${t("call.hint")}</p></section>`}
    ${it.cause === "asked_for" && it.appointment && !isClosed(it) && html`<${Later} from=${deciding} folder="visit" visit=${{ id: it.appointment, client_name: it.client_name }} opens=${address.value.searchParams.get("do") === "decline"} onDone=${() => load(it.id)} />`}
    ${isPaused(it) && html`<p class="deeds"><button type="button" class="button" onClick=${() => resume(it)}>${t("work_act.resume")}</button></p>`}
    <${FollowUpActs} it=${it} />
    <dl class="facts">
      ${fact(t("followup.answer_by"), it.answer_by && !isClosed(it) && time(it.answer_by))}
      ${fact(t("followup.due"), !isClosed(it) && it.answer_by && due !== it.answer_by && due && time(due))}
      ${fact(t("followup.back"), isPaused(it) && it.back && time(it.back))}
      ${fact(t("followup.reach"), (number || it.client_email) && html`${number}${number && it.client_email && html`<br />`}${it.client_email}`)}
      ${fact(t("followup.assignee"), it.assignee ? staffName(it.assignee) : t("work.nobodys"))}
      ${fact(t("fact.filed"), it.record_name)}
      ${fact(t("followup.opened"), time(it.opened))}
      ${fact(t("followup.next_try"), it.next_try && !isClosed(it) && time(it.next_try))}
      ${fact(t("followup.ghosted"), it.ghosted_at && !isClosed(it) && time(it.ghosted_at))}
    </dl>
    <${Why} id=${it.id} at=${it.answer_by} />
    <p class="deeds">${it.appointment && html`<a class="button" href="/desk/appointments/${encodeURIComponent(it.appointment)}">${t("followup.visit")}</a>`}
      <a class="button" href=${path}>${t("followup.client")}</a></p>
    <${FollowUpHistory} it=${it} />
    ${!isOwnZone() && html`<p class="about">${t("fact.zone", { zone: zoneName() })}</p>`}`;
}

/** Why each of its clocks is due when it is, in whole sentences. @param {{id: string, at: string}} its */
function Why({ id, at }) {
  const isOpen = useSignal(false), found = useSignal(/** @type {any} */ (null)), wrong = useSignal("");
  useEffect(() => {
    found.value = null;
    if (!isOpen.value) return;
    get(`${pathOf(id)}/explain?${new URLSearchParams({ locale: language.value })}`).then((it) => (found.value = it), (error) => (wrong.value = explained(error)));
  }, [id, at, isOpen.value, language.value]);
  return html`<details class="why" onToggle=${(/** @type {any} */ event) => (isOpen.value = event.target.open)}><summary>${t("followup.why")}</summary>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${isOpen.value && !found.value && !wrong.value && html`<${Skeleton} rows=${2} />`}
    ${found.value?.clocks.map((/** @type {any} */ clock) => html`<section key=${clock.name}>
      <h3>${clock.step ? t("clock.step", { step: named("step", clock.step) }) : named("clock", clock.kind)}</h3>
      <ul class="sentences">${clock.sentences.map((/** @type {string} */ said, /** @type {number} */ n) => html`<li key=${n}>${said}</li>`)}</ul></section>`)}
  </details>`;
}
