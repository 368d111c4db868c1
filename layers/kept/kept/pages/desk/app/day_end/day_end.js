/** The end of the day: everybody ticked as having come; who came late or not at all is said, and one press closes it. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { day, does, failure, showDay } from "desk/day_store";
import { staffName } from "desk/business";
import { Empty, Failed, Skeleton } from "desk/parts";
import { explained } from "desk/refusals";
import { address, go } from "desk/route";
import { say } from "desk/toasts";
import { dayName, minute, span, today } from "desk/when";
import { t } from "desk/words";

const MOST_AT_ONCE = 100;
const HOW = ["came", "late", "missed"];

export function DayEnd() {
  const asked = address.value.searchParams, on = asked.get("on") || today(), who = asked.get("who") ?? asked.get("end") ?? "";
  const said = useSignal(/** @type {Record<string, string>} */ ({})), { refused: wrong, isBusy, acts } = useActing();
  useEffect(() => void showDay(on), [on]);
  const shown = day.value;
  if (!shown) return html`<h1>${t("end.title", { day: dayName(on) })}</h1>${failure.value ? html`<${Failed} why=${explained(failure.value)} again=${() => showDay(on)} />` : html`<${Skeleton} />`}`;
  const visits = shown.appointments.filter((it) => it.acts.includes("complete") && Date.parse(it.end) <= minute.value && (!who || it.staff === who)).slice(0, MOST_AT_ONCE);
  /** @param {SubmitEvent} event */
  const close = (event) => (event.preventDefault(), acts(async () => {
    const answer = await post("/v1/desk/day-end", { said: Object.fromEntries(visits.map((it) => [it.id, said.value[it.id] ?? "came"])) });
    const closed = answer.appointments.filter((/** @type {any} */ it) => !answer.refused[it.id]);
    const undo = async () => {
      for (const it of closed) await does(it, "undo");
    };
    say(t("end.done", { day: dayName(on) }), { undo });
    for (const id of Object.keys(answer.refused)) say(`${visits.find((it) => it.id === id)?.client_name}: ${t("refused.changed")}`, { wrong: true });
    go(`/desk?on=${on}`);
  }));
  return html`<h1>${t("end.title", { day: dayName(on) })}</h1>
    ${visits.length === 0 ? html`<${Empty} title=${t("end.none")} />` : html`<p class="lead">${t("end.lead")}</p><form class="end" onSubmit=${close}>
      ${visits.map((it) => html`<fieldset key=${it.id}><legend><span class="when">${span(it)}</span> <strong class="name">${it.client_name}</strong> <span class="about">${t("day.what", { service: it.service_name, person: staffName(it.staff) })}</span></legend>
        ${HOW.map((how) => html`<label class="choice" key=${how}><input type="radio" name=${it.id} value=${how} checked=${(said.value[it.id] ?? "came") === how} onChange=${() => (said.value = { ...said.value, [it.id]: how })} /> ${t(`came.${how}`)}</label>`)}</fieldset>`)}
      ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
      <button class="main" disabled=${isBusy.value}>${t("end.close")}</button></form>`}
    <p class="back"><a href="/desk?on=${on}">${t("day.whole", { day: dayName(on) })}</a></p>`;
}
