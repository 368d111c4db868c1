/** What was to be said about a day's visits and did not arrive: whose it is, why, and the visit to do something about it. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { Drawer } from "desk/drawer";
import { Empty, Failed, Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { clock, dayName } from "desk/when";
import { named, t } from "desk/words";

/** @param {{on: string, onClose: () => void}} its */
export function FailedMessages({ on, onClose }) {
  const found = useSignal(/** @type {any[] | null} */ (null)), wrong = useSignal("");
  const load = () => get(`/v1/desk/day/failed-messages?${new URLSearchParams({ on })}`).then((all) => ([found.value, wrong.value] = [all, ""]), (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), [on]);
  return html`<${Drawer} title=${t("failed_day.title", { day: dayName(on) })} onClose=${onClose}>
    ${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : !found.value ? html`<${Skeleton} rows=${3} />`
      : !found.value.length ? html`<${Empty} title=${t("failed_day.none")} text=${t("failed_day.none_text")} />`
      : html`<ol class="cards">${found.value.map((it) => html`<li class="row" key=${`${it.appointment} ${it.stage} ${it.created_at}`}>
        <a class="row-open" href="/desk/appointments/${encodeURIComponent(it.appointment)}">${time(it.start, clock)} <strong class="name">${it.client_name}</strong>
          <span class="about">${named("stage", it.stage)} · ${named("by", it.channel)}</span></a>
        <span class="row-state">${it.delivery ? badge("delivery", it.delivery) : badge("message", it.status)} ${it.reason && html`<span class="reason">${it.reason}</span>`}</span></li>`)}</ol>`}
  <//>`;
}
