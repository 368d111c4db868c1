/** An appointment that is asked for: booked by one click, or declined with a word to the client and other times. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { serviceName, staffName } from "desk/business";
import { does, loadVisit } from "desk/day_store";
import { Field, takes, time } from "desk/parts";
import { explained } from "desk/refusals";
import { answered } from "desk/visit/said";
import { moment } from "desk/when";
import { t } from "desk/words";

/** A line of Work: what is asked for, with the answers, and both decisions in reach. @param {{it: any, decline: string, onDone: () => void}} its */
export function AskedFor({ it, decline, onDone }) {
  const found = useSignal(/** @type {any} */ (null)), wrong = useSignal("");
  useEffect(() => void loadVisit(it.appointment).then((visit) => (found.value = visit), (error) => (wrong.value = explained(error))), [it.appointment]);
  if (wrong.value) return html`<p class="wrong" role="alert">${wrong.value}</p>`;
  const visit = found.value, approves = () => does(visit, "approve").then(onDone);
  return visit && html`<p class="about lines">${t("deciding.what", { service: serviceName(visit.service), when: moment(visit.start), staff: staffName(visit.staff) })}</p>
    ${visit.answers.length > 0 && html`<dl class="facts">${visit.answers.map(answered)}</dl>`}
    <p class="deeds"><button type="button" class="button first" onClick=${approves}>${t("act.approve")}</button> <a class="button" href=${decline}>${t("act.decline")}</a></p>`;
}

/** @param {{visit: {id: string, version?: number, client_name: string, answer_by?: string}, onDone: () => void, opens?: boolean}} its `opens`: it is to be declined */
export function Deciding({ visit, onDone, opens = false }) {
  const isDeclining = useSignal(opens), note = useSignal(""), times = useSignal(true), isBusy = useSignal(false);
  useEffect(() => {
    if (isDeclining.value) document.getElementById("decline-note")?.focus();
  }, [isDeclining.value]);
  /** @param {string} act @param {object} [more] */
  const decides = async (act, more) => {
    if (isBusy.value) return;
    isBusy.value = true;
    await does(/** @type {any} */ (visit), act, more);
    isBusy.value = false;
    onDone();
  };
  return html`<section class="deciding" aria-label=${t("deciding.title")}>
    ${visit.answer_by && html`<p class="about">${t("deciding.until")} ${time(visit.answer_by)}</p>`}
    <p class="deeds"><button type="button" class="main" id="approve" disabled=${isBusy.value} onClick=${() => decides("approve")}>${t("act.approve")}</button>
      <button type="button" class="button" id="decline" aria-expanded=${isDeclining.value} onClick=${() => (isDeclining.value = !isDeclining.value)}>${t("act.decline")}</button></p>
    ${isDeclining.value && html`<form class="move-form" onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), decides("decline", { note: note.value.trim(), times: times.value }))}>
      <${Field} label=${t("deciding.note")} name="decline-note"><input id="decline-note" maxlength="500" value=${note.value} onInput=${takes(note)} /><//>
      <label class="choice"><input type="checkbox" id="decline-times" checked=${times.value} onChange=${(/** @type {any} */ event) => (times.value = event.target.checked)} /> <span>${t("deciding.times")}</span></label>
      <p class="about" role="status">${t("deciding.costs")}</p>
      <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("deciding.decline")}</button> <button type="button" class="button" onClick=${() => (isDeclining.value = false)}>${t("deciding.leave")}</button></p>
    </form>`}
  </section>`;
}
