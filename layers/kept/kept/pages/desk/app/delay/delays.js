/** The day runs late: who, and by how much, said once; who was told of it, and what they chose. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { staffName } from "desk/business";
import { day, refresh } from "desk/day_store";
import { Drawer } from "desk/drawer";
import { Empty, Failed, Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { clock, dayName, dayOf, soon, today } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {{appointment: string, client_name: string, staff: string, start: string, start_then: string, minutes: number, told_at: string, choice: string | null, channel: string | null, status: string | null}} Told */
/** @typedef {{announced: {staff: string, minutes: number, at: string}[], told: Told[]}} Delays */

const USUAL = [10, 20, 30, 45, 60];

/** @param {{on: string, onClose: () => void}} its */
export function Delays({ on, onClose }) {
  const found = useSignal(/** @type {Delays | null} */ (null)), wrong = useSignal("");
  const load = () => get(`/v1/desk/delays?${new URLSearchParams({ on })}`).then((its) => ([found.value, wrong.value] = [its, ""]), (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), [on]);
  const its = found.value;
  return html`<${Drawer} title=${t("delay.title", { day: dayName(on) })} onClose=${onClose} wide=${true}>
    ${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : !its ? html`<${Skeleton} rows=${4} />` : html`
      ${on === today() && html`<${Announce} announced=${its.announced} done=${(/** @type {Delays} */ now) => ((found.value = now), void refresh())} />`}
      <h3>${t("delay.told")}</h3>
      ${!its.told.length ? html`<${Empty} title=${t("delay.nobody")} text=${t("delay.nobody_text")} />` : html`<ol class="cards work">${its.told.map((it) => html`<${Line} key=${it.appointment} it=${it} on=${on} />`)}</ol>`}`}
  <//>`;
}

/** @param {{announced: Delays["announced"], done: (now: Delays) => void}} its */
function Announce({ announced, done }) {
  const staff = useSignal(""), minutes = useSignal("20"), { refused, isBusy, acts } = useActing();
  /** @param {string | null} who @param {number} late */
  const send = (who, late) => acts(async () => {
    done(await post("/v1/desk/delays", { staff: who, minutes: late }));
    say(late ? t("delay.said") : t("delay.taken_back"));
  });
  return html`<form onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), send(staff.value || null, Number(minutes.value)))}>
      <div class="field"><label for="delay-who">${t("delay.who")}</label><select id="delay-who" value=${staff.value} onChange=${(/** @type {any} */ event) => (staff.value = event.target.value)}>
        <option value="">${t("day.everybody")}</option>${(day.value?.staff ?? []).map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select></div>
      <div class="field"><label for="delay-minutes">${t("delay.minutes")}</label><input id="delay-minutes" type="number" inputmode="numeric" min="5" max="240" required list="delay-usual" value=${minutes.value} onInput=${(/** @type {any} */ event) => (minutes.value = event.target.value)} />
        <datalist id="delay-usual">${USUAL.map((it) => html`<option key=${it} value=${it}></option>`)}</datalist></div>
      <p class="about">${t("delay.does")}</p>
      ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
      <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("delay.do")}</button></p></form>
    ${announced.length > 0 && html`<ul class="cards">${announced.map((it) => html`<li class="row" key=${it.staff}><span class="row-open">${t("delay.runs", { name: staffName(it.staff), minutes: it.minutes, clock: clock(it.at) })}</span>
      <button type="button" class="button" disabled=${isBusy.value} aria-label="${t("delay.take_back")}: ${staffName(it.staff)}" onClick=${() => send(it.staff, 0)}>${t("delay.take_back")}</button></li>`)}</ul>`}`;
}

/** @param {{it: Told, on: string}} its the day that it was of; it may be another by now */
const Line = ({ it, on }) => html`<li class="row"><a class="row-open" href="/desk/appointments/${encodeURIComponent(it.appointment)}"><strong class="name">${it.client_name}</strong> <span class="about">${staffName(it.staff)}</span><br />${time(it.start, dayOf(it.start) === on ? clock : soon)}${" "}
  <span class="about">${it.minutes ? t("delay.by", { minutes: it.minutes, clock: clock(it.told_at) }) : t("delay.on_time", { clock: clock(it.told_at) })}</span></a>
  <span class="row-state">${it.choice ? html`<strong>${named("delay_choice", it.choice)}</strong>` : html`<span class="about">${t("delay.no_answer")}</span>`} ${it.status && it.channel && html`${badge("message", it.status)} <span class="about">${named("by", it.channel)}</span>`}</span></li>`;
