/** Moving without dragging: a day, a time, a person and a length. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { day } from "desk/day_store";
import { staffName } from "desk/business";
import { MoveBar, lengthOf, leave, pending, propose } from "desk/moving";
import { Field, takes } from "desk/parts";
import { dayOf, instant, timeValue } from "desk/when";
import { t } from "desk/words";

/** @param {{visit: import("./types").Visit, onDone: () => void}} its */
export function MoveForm({ visit, onDone }) {
  const on = useSignal(dayOf(visit.start)), at = useSignal(timeValue(visit.start)), staff = useSignal(visit.staff), minutes = useSignal(lengthOf(visit));
  const known = day.value?.services.find((it) => it.id === visit.service)?.staff ?? day.value?.staff.map((it) => it.id) ?? [];
  const people = known.includes(visit.staff) ? known : [visit.staff, ...known];
  /** @param {SubmitEvent} event */
  const ask = (event) => {
    event.preventDefault();
    propose(visit, { start: Date.parse(instant(on.value, at.value)), staff: staff.value, minutes: minutes.value, isDragged: false, isDropped: true, forClient: pending.value?.forClient ?? true });
  };
  return html`<form class="move-form" onSubmit=${ask}>
    <div class="pair">
      <${Field} label=${t("field.day")} name="move-on"><input id="move-on" type="date" required value=${on.value} onInput=${takes(on)} /><//>
      <${Field} label=${t("field.time")} name="move-at"><input id="move-at" type="time" step="300" required value=${at.value} onInput=${takes(at)} /><//>
      <${Field} label=${t("field.minutes")} name="move-minutes"><input id="move-minutes" type="number" min="5" max="1440" step="5" required value=${minutes.value} onInput=${takes(minutes, Number)} /><//>
      <${Field} label=${t("field.staff")} name="move-staff"><select id="move-staff" value=${staff.value} onInput=${takes(staff)}>
        ${people.map((id) => html`<option key=${id} value=${id}>${day.value?.staff.find((it) => it.id === id)?.name ?? staffName(id)}</option>`)}</select><//>
    </div>
    ${pending.value ? null : html`<p class="deeds"><button class="main">${t("move.ask")}</button>
      <button type="button" class="button" onClick=${() => (leave(), onDone())}>${t("move.leave")}</button></p>`}
  </form>`;
}
