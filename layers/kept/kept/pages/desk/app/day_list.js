/** Everybody of the day in order, with the likeliest acts: who is late first seen, gone and cancelled too. */

import { html } from "htm/preact";
import { does, serviceName } from "desk/day_store";
import { lateBy } from "desk/grid";
import { meets } from "desk/grid_layout";
import { gapWaits } from "desk/gap_waiting";
import { icon } from "desk/icon";
import { Alerts, Empty, badge } from "desk/parts";
import { book, bookGap } from "desk/booking_panel";
import { besideDay } from "desk/route";
import { lasting, span } from "desk/when";
import { t } from "desk/words";

/** What is done beside the appointment alone, with time to think. */
const AT_LEISURE = ["confirm", "cancel"];

/** @param {{day: import("./types").Day, staff: string}} its */
export function DayList({ day, staff }) {
  const visits = day.appointments.filter((it) => !staff || it.staff === staff);
  if (!visits.length) return html`<${Empty} title=${t("day.empty")} text=${t("day.empty_text")}><button type="button" class="main" onClick=${() => book()}>${t("book.title")}</button><//>`;
  const gaps = day.gaps.filter((it) => !staff || it.staff === staff);
  return html`<ol class="cards">${[...visits, ...gaps].sort((a, b) => Date.parse(a.start) - Date.parse(b.start)).map((it) => "fits" in it
    ? html`<${Free} key=${it.staff + it.start} gap=${it} staff=${day.staff} />` : html`<${Row} key=${it.id} visit=${it} staff=${day.staff} />`)}</ol>`;
}

/** @param {{gap: import("./types").Gap, staff: import("./types").Day["staff"]}} its */
function Free({ gap, staff }) {
  return html`<li class="free-time"><span><span class="when">${span(gap)}</span> ${t("grid.is_free")} <span class="about">${staff.find((it) => it.id === gap.staff)?.name}</span></span>
    <p class="deeds">${gap.fits.map(({ service }) => html`<button type="button" class="button" key=${service} onClick=${() => bookGap(gap, service)}>${icon("plus")} ${serviceName(service)}</button>`)} ${gapWaits(gap)}</p></li>`;
}

/** @param {{visit: import("./types").Visit, staff: import("./types").Day["staff"]}} its */
function Row({ visit, staff }) {
  const late = lateBy(visit), its = staff.find((it) => it.id === visit.staff), person = its?.name ?? visit.staff;
  return html`<li class="row is-${visit.status}">
    <a class="row-open" id="visit-${visit.id}" href=${besideDay(visit.id)}>
      <span class="when">${span(visit)}</span> <strong class="name">${visit.client_name}</strong>
      ${visit.record_name && html`<span class="about">${t("day.filed", { name: visit.record_name })}</span>`}
      <span class="about">${t("day.what", { service: visit.service_name, person })}</span>
      ${meets(visit, its?.busy) && html`<span class="status status-late">${t("grid.busy")}</span>`}
    </a>
    <span class="row-state">${badge("status", visit.status)} ${late > 0 && html`<span class="status status-late">${t("day.late", { span: lasting(late) })}</span>`}</span>
    <${Alerts} alerts=${visit.alerts} />
    <p class="deeds">${visit.acts.filter((act) => !AT_LEISURE.includes(act)).map((act, n) => html`
      <button type="button" key=${act} class=${n === 0 && act !== "undo" ? "button first" : "button"} onClick=${() => does(visit, act)}>${t(`act.${act}`)}</button>`)}</p>
  </li>`;
}
