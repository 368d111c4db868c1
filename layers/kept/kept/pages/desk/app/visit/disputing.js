/** What is held against a client: who marked it and on what evidence, what they say to it, and what is decided. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { money } from "desk/amounts";
import { does, pathOf } from "desk/day_store";
import { done, draft } from "desk/drafts";
import { inWords, whoDid } from "desk/own_lines";
import { Field, Skeleton, badge, fact, takes, time } from "desk/parts";
import { moment } from "desk/when";
import { named, sentences, t } from "desk/words";

/** Why a no-show is taken back without a dispute; that they came after all is one click above. */
const TAKEN_BACK = ["our_fault", "emergency", "goodwill"];
const WAITED = [10, 20, 30]; // minutes that one click notes

/** @param {{visit: any}} its */
export const Evidence = ({ visit }) => {
  const marked = visit.history?.findLast((/** @type {any} */ line) => line.what === "no_show");
  return html`<details class="evidence" open=${visit.status === "no_show"}><summary>${t("evidence.title")}</summary>
    <ul class="ledger">${visit.evidence.map((/** @type {string} */ line) => html`<li key=${line}>${inWords(line)}</li>`)}
      ${!visit.evidence.length && html`<li>${t("evidence.none")}</li>`}
      ${marked && html`<li><strong>${t("evidence.marked", { who: whoDid(marked.by), when: moment(marked.at) })}</strong> ${marked.why && html`<span class="about">${marked.why}</span>`}</li>`}</ul></details>`;
};

/** In the drawer of the visit. @param {{visit: any, onDone: () => void}} its */
export const HeldAgainst = ({ visit, onDone }) => html`
  ${visit.disputed && html`<${Disputed} visit=${visit} onDone=${onDone} />`}
  ${visit.status === "no_show" && visit.disputed?.state !== "open" && html`<${TakeBack} visit=${visit} onDone=${onDone} />`}
  ${["arrived", "in_service", "completed"].includes(visit.status) && html`<${KeptWaiting} visit=${visit} onDone=${onDone} />`}`;

/** Beside the follow-up that it opened: the visit, its evidence, and the decision. @param {{id: string, onDone: () => void}} its */
export function DisputeOf({ id, onDone }) {
  const visit = useSignal(/** @type {any} */ (null));
  const load = () => get(pathOf(id)).then((found) => (visit.value = found), () => {}); // the visit's own page says why
  useEffect(() => void load(), [id]);
  const it = visit.value;
  if (!it) return html`<${Skeleton} rows=${2} />`;
  return html`<p>${badge("status", it.status)} ${moment(it.start)}</p>
    ${it.disputed && html`<${Disputed} visit=${it} onDone=${() => (load(), onDone())} />`}<${Evidence} visit=${it} />`;
}

/** @param {{visit: any, onDone: () => void}} its */
function Disputed({ visit, onDone }) {
  const { state, at, words, reason, answer, decided_by: by, decided_at: decided, reasons } = visit.disputed;
  return html`<section class="calling" aria-labelledby="dispute-${visit.id}"><h3 id="dispute-${visit.id}">${t("dispute.title")} ${badge("dispute", state)}</h3>
    <dl class="facts">${fact(t("dispute.said"), html`${words ? html`<blockquote class="lines">${words}</blockquote>` : t("dispute.no_words")} <span class="about">${time(at)}</span>`)}
      ${fact(t("dispute.decided"), decided && html`${reason && named("upheld", reason)}${answer && html`<blockquote class="lines">${answer}</blockquote>`} <span class="about">${whoDid(by)} · ${time(decided)}</span>`)}</dl>
    ${state === "open" && html`<${Decide} visit=${visit} reasons=${reasons} onDone=${onDone} />`}</section>`;
}

/** @param {{visit: any, reasons: string[], onDone: () => void}} its */
function Decide({ visit, reasons, onDone }) {
  const reason = useSignal(reasons[0]), name = `dispute.${visit.id}`, words = draft(name, ""), isUpheld = useSignal(true), isBusy = useSignal(false);
  /** @param {SubmitEvent} event */
  const decide = async (event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    const said = words.value.trim(), ok = await (isUpheld.value ? does(visit, "uphold-dispute", { reason: reason.value, note: said }) : does(visit, "refuse-dispute", { words: said }));
    isBusy.value = false;
    if (ok) done(name), onDone();
  };
  /** @param {boolean} upholds @param {string} as */
  const choice = (upholds, as) => html`<label class="choice"><input type="radio" name="decide-${visit.id}" id="decide-${as}" checked=${isUpheld.value === upholds} onChange=${() => (isUpheld.value = upholds)} /> <span>${t(`dispute.${as}`)}</span></label>`;
  return html`<form class="cancel-form" onSubmit=${decide}>
    <fieldset><legend>${t("dispute.decide")}</legend>${choice(true, "uphold")}${choice(false, "refuse")}</fieldset>
    ${isUpheld.value && chips(`why-${visit.id}`, t("dispute.why"), reasons, reason)}
    <${Field} label=${isUpheld.value ? t("dispute.note") : t("dispute.answer")} name="dispute-words"><textarea id="dispute-words" rows="2" maxlength="500" required=${!isUpheld.value} value=${words.value} onInput=${takes(words)}></textarea><//>
    <p class="about" role="status">${isUpheld.value ? sentences(visit.costs ? t("dispute.takes_back_fee", { sum: money(visit.costs) }) : t("dispute.takes_back"), t("dispute.is_told")) : sentences(visit.costs ? t("dispute.stays_fee", { sum: money(visit.costs) }) : t("dispute.stays"), t("dispute.told_so"))}</p>
    <p class="deeds"><button class="main" disabled=${isBusy.value || (!isUpheld.value && !words.value.trim())}>${t(isUpheld.value ? "dispute.do_uphold" : "dispute.do_refuse")}</button></p>
  </form>`;
}

/** @param {{visit: any, onDone: () => void}} its */
function TakeBack({ visit, onDone }) {
  const reason = useSignal(TAKEN_BACK[0]), note = useSignal("");
  /** @param {SubmitEvent} event */
  const send = async (event) => {
    event.preventDefault();
    if (await does(visit, "reverse-no-show", { reason: reason.value, note: note.value.trim() }, t("did.reversed"))) onDone();
  };
  return html`<details class="take-back"><summary>${t("reverse.title")}</summary><form class="cancel-form" onSubmit=${send}>
    ${chips(`reverse-${visit.id}`, t("dispute.why"), TAKEN_BACK, reason)}
    <${Field} label=${t("dispute.note")} name="reverse-note"><input id="reverse-note" maxlength="500" value=${note.value} onInput=${takes(note)} /><//>
    <p class="about">${visit.costs ? t("dispute.takes_back_fee", { sum: money(visit.costs) }) : t("dispute.takes_back")}</p>
    <p class="deeds"><button class="button">${t("reverse.do")}</button></p></form></details>`;
}

/** @param {{visit: any, onDone: () => void}} its */
function KeptWaiting({ visit, onDone }) {
  /** @param {number} minutes */
  const note = async (minutes) => {
    if (await does(visit, "kept-waiting", { minutes }, minutes ? t("did.kept-waiting") : t("did.not_kept_waiting"))) onDone();
  };
  if (visit.kept_waiting) return html`<p class="late-by"><span>${t("waited.for", { minutes: visit.kept_waiting })}${visit.made_good && ` ${t("waited.credited", { sum: money(visit.made_good) })}`}</span> <button type="button" class="button" onClick=${() => note(0)}>${t("waited.not")}</button></p>`;
  return html`<p class="late-by" role="group" aria-label=${t("waited.title")}><span>${t("waited.title")}</span>
    ${WAITED.map((minutes) => html`<button type="button" class="button" key=${minutes} onClick=${() => note(minutes)}>${t("visit.late_by", { minutes })}</button>`)}</p>`;
}

/** @param {string} name @param {string} legend @param {string[]} among @param {import("@preact/signals").Signal<string>} chosen */
const chips = (name, legend, among, chosen) => html`<fieldset class="field"><legend>${legend}</legend><div class="chips">${among.map((it) => html`<label class="chip" key=${it}>
  <input type="radio" name=${name} value=${it} checked=${it === chosen.value} onChange=${() => (chosen.value = it)} /><span>${named("upheld", it)}</span></label>`)}</div></fieldset>`;
