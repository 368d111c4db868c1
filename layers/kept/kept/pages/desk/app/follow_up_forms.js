/** The forms of the acts on a follow-up. What can be taken back is done with one press; a question stands before the rest alone. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { colleagues, me } from "desk/business";
import { done, draft } from "desk/drafts";
import { DueBadge, isClosed } from "desk/due_badge";
import { Field, Skeleton, badge, takes, time } from "desk/parts";
import { now } from "desk/page";
import { explained } from "desk/refusals";
import { dayAfter, instant, monday, soon, today } from "desk/when";
import { does, merge, reassign, regrade, reopen, resolve, snooze, waits } from "desk/work_store";
import { named, t } from "desk/words";

/** @typedef {{it: any, onDone: () => void}} Its */
const MORNING = "09:00", HOUR = 3_600_000;

/** Words that belong to one act on one follow-up. @param {any} it @param {string} act */
const wordsFor = (it, act) => draft(`${act}.${it.id}`, "");

/** @param {{id: string, label: string, into: import("@preact/signals").Signal<string>, hint?: string}} its */
const Words = ({ id, label, into, hint = "" }) => html`<${Field} label=${label} name=${id} hint=${hint}><input id=${id} value=${into.value} maxlength="500" onInput=${takes(into)} aria-describedby=${hint ? `${id}-hint` : undefined} /><//>`;

/** @param {Its} its */
export function NoteForm({ it, onDone }) {
  const typed = wordsFor(it, "note");
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    if (typed.value.trim() && (await does(it, "note", { note: typed.value.trim() }))) done(`note.${it.id}`), onDone();
  };
  return html`<form onSubmit=${save}><${Words} id="note-text" label=${t("note.text")} into=${typed} hint=${t("note.hint")} /><p class="deeds"><button class="main" disabled=${!typed.value.trim()}>${t("note.save")}</button></p></form>`;
}

/** @param {Its} its */
export function SnoozeForm({ it, onDone }) {
  const why = wordsFor(it, "snooze"), on = useSignal(dayAfter(today(), 1)), at = useSignal(MORNING);
  const choices = { hour: new Date(now() + HOUR).toISOString(), morning: instant(dayAfter(today(), 1), MORNING), week: instant(dayAfter(monday(today()), 7), MORNING) };
  /** @param {string} until */
  const until = async (until) => {
    onDone();
    if (await snooze(it, until, why.value.trim())) done(`snooze.${it.id}`);
  };
  return html`<div class="deeds">${Object.entries(choices).map(([name, moment]) => html`<button type="button" class="button" key=${name} onClick=${() => until(moment)}>${t(`snooze.${name}`)} <span class="about">${soon(moment)}</span></button>`)}</div>
    <${Words} id="snooze-why" label=${t("snooze.reason")} into=${why} hint=${t("snooze.hint")} />
    <form onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), until(instant(on.value, at.value)))}><div class="pair">
      <${Field} label=${t("snooze.day")} name="snooze-on"><input id="snooze-on" type="date" required min=${today()} value=${on.value} onInput=${takes(on)} /><//>
      <${Field} label=${t("field.time")} name="snooze-at"><input id="snooze-at" type="time" required value=${at.value} onInput=${takes(at)} /><//></div>
      <p class="deeds"><button class="button">${t("snooze.until")}</button>
      <button type="button" class="button" onClick=${() => (onDone(), waits(it, null))}>${t("snooze.client")}</button></p></form>`;
}

/** @param {Its} its */
export function HandOverForm({ it, onDone }) {
  const others = Object.entries(colleagues()).filter(([id]) => id !== it.assignee), to = useSignal(""), why = wordsFor(it, "reassign");
  const mine = me.value?.staff ?? "";
  /** @param {string} id @param {string} name */
  const give = async (id, name) => {
    onDone();
    if (await reassign(it, id, name, why.value.trim())) done(`reassign.${it.id}`);
  };
  return html`<div class="deeds">${it.assignee !== mine && mine && !(mine in colleagues()) && html`<button type="button" class="button" onClick=${() => give(mine, t("work.me"))}>${t("work.take")}</button>`}
      ${others.length <= 6 ? others.map(([id, name]) => html`<button type="button" class="button" key=${id} onClick=${() => give(id, name)}>${id === mine ? t("work.take") : name}</button>`)
        : html`<${Field} label=${t("handover.to")} name="reassign-to"><select id="reassign-to" value=${to.value} onInput=${takes(to)}><option value="">${t("handover.choose")}</option>${others.map(([id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}</select><//>
          <button type="button" class="button" disabled=${!to.value} onClick=${() => give(to.value, colleagues()[to.value])}>${t("work_act.reassign")}</button>`}</div>
    <${Words} id="reassign-why" label=${t("handover.why")} into=${why} />`;
}

/** @param {Its} its */
export function CloseForm({ it, onDone }) {
  const outcome = wordsFor(it, "close");
  /** @param {string} said @param {string} [ended] */
  const close = async (said, ended) => {
    if (await resolve(it, said, ended)) done(`close.${it.id}`);
  };
  const dismiss = async () => {
    onDone();
    if (await does(it, "dismiss", { why: outcome.value.trim() || t("close.dismissed") }, { as: { turn: "theirs" } })) done(`close.${it.id}`);
  };
  return html`<form onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), close(outcome.value.trim()))}>
    <div class="deeds">${["settled", "booked", "nothing"].map((how) => html`<button type="button" class="button" key=${how} onClick=${() => close(t(`close.${how}`))}>${t(`close.${how}`)}</button>`)}
      <button type="button" class="button" onClick=${() => close(outcome.value.trim() || t("ended.ghosted"), "ghosted")}>${t("ended.ghosted")}</button></div>
    <${Words} id="close-outcome" label=${t("close.outcome")} into=${outcome} />
    <p class="deeds"><button class="main" disabled=${!outcome.value.trim()}>${t("close.do")}</button>
      <button type="button" class="button" onClick=${dismiss}>${t("close.dismiss")}</button></p>
    <p class="about">${t("close.hint")}</p></form>`;
}

/** @param {Its} its */
export function MergeForm({ it, onDone }) {
  const others = useSignal(/** @type {any[] | null} */ (null)), wrong = useSignal("");
  useEffect(() => void get(`/v1/desk/clients/${encodeURIComponent(it.client)}/follow-ups`).then((found) => (others.value = found.filter((/** @type {any} */ one) => one.id !== it.id && !isClosed(one))), (error) => (wrong.value = explained(error))), [it.id]);
  if (wrong.value) return html`<p class="wrong" role="alert">${wrong.value}</p>`;
  if (!others.value) return html`<${Skeleton} rows=${2} />`;
  if (!others.value.length) return html`<p class="about">${t("join.none")}</p>`;
  return html`<p class="about">${t("join.hint")}</p><ul class="cards">${others.value.map((one) => html`<li key=${one.id} class="row">
    <span>${badge("cause", one.cause)} <span class="about">${one.clock && time(one.clock.started)}</span></span> <${DueBadge} of=${one} />
    <p class="deeds"><button type="button" class="button" onClick=${() => (onDone(), merge(it, one))}>${t("join.do")}</button></p></li>`)}</ul>`;
}

/** @param {Its} its */
export function GradeForm({ it }) {
  return html`<div class="pair">${grade(it, "priority", ["urgent", "normal", "low"])} ${grade(it, "tier", ["vip", "regular", "prospect"])}</div><p class="about">${t("grade.hint")}</p>`;
}

/** @param {any} it @param {"priority" | "tier"} what @param {string[]} values */
const grade = (it, what, values) => html`<${Field} label=${t(`grade.${what}`)} name="grade-${what}">
  <select id="grade-${what}" value=${it[what]} onChange=${(/** @type {any} */ event) => regrade(it, what, event.target.value)}>${values.map((value) => html`<option key=${value} value=${value} selected=${value === it[what]}>${named(what, value)}</option>`)}</select><//>`;

/** The plan, and the step that it has come to. @param {{it: any}} its */
export function StepForm({ it }) {
  const outcome = wordsFor(it, "step");
  if (!it.plan.length) return null;
  const next = it.plan.find((/** @type {any} */ one) => one.state === "next");
  const finish = async () => {
    if (await does(it, "step", { step: next.step, outcome: outcome.value.trim() || t("plan.done") })) done(`step.${it.id}`);
  };
  return html`<h3>${t("plan.title")}</h3><ol class="ledger">${it.plan.map((/** @type {any} */ one) => html`<li key=${one.step}><strong>${named("step", one.step)}</strong> ${badge("step_state", one.state)}
      <span class="about">${one.done ? time(one.done) : (one.due ?? one.begins) && time(one.due ?? one.begins, soon)}</span>${one.outcome && html`<blockquote class="lines">${one.outcome}</blockquote>`}</li>`)}</ol>
    ${next && html`<${Words} id="step-outcome" label=${t("plan.outcome", { step: named("step", next.step) })} into=${outcome} />
      <p class="deeds"><button type="button" class="button" onClick=${finish}>${t("plan.finish")}</button></p>`}`;
}

/** @param {{it: any}} its */
export function ReopenForm({ it }) {
  const why = wordsFor(it, "reopen");
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    if (await reopen(it, why.value.trim() || t("undo.why"))) done(`reopen.${it.id}`);
  };
  return html`<form class="panel" onSubmit=${submit}><${Words} id="reopen-why" label=${t("reopen.why")} into=${why} /><p class="deeds"><button class="main">${t("work_act.reopen")}</button></p></form>`;
}
