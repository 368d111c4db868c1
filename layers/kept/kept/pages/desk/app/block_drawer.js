/** Time that is kept free of bookings: a break, an errand; made, changed and taken away on the day. */

import { signal, useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { send } from "desk/api";
import { me, staffName } from "desk/business";
import { blocks, day, refresh, unblocks } from "desk/day_store";
import { Drawer } from "desk/drawer";
import { Field, takes } from "desk/parts";
import { now } from "desk/page";
import { explained } from "desk/refusals";
import { dayOf, instant, timeValue } from "desk/when";
import { t } from "desk/words";

const QUARTER = 15 * 60_000, USUAL = 30 * 60_000;

/** The block that is open, or what is known of a new one. @type {import("@preact/signals").Signal<any>} */
export const blocking = signal(null);

/** A new one: of whom is looked at, else of whoever is signed in and there that day. @param {string} on @param {string} [staff] */
export function blockTime(on, staff = "") {
  const people = day.value?.staff ?? [], mine = people.find((it) => it.id === me.value?.staff);
  blocking.value = { on, staff: staff || (mine ?? people[0])?.id };
}

/** @param {{block: any, onClose: () => void}} its without an id it is a new one, of a person on a day */
export function BlockDrawer({ block, onClose }) {
  const begins = block.start ?? new Date(Math.ceil(now() / QUARTER) * QUARTER).toISOString();
  const ends = block.end ?? new Date(Date.parse(begins) + USUAL).toISOString();
  const on = useSignal(block.on ?? dayOf(begins)), from = useSignal(timeValue(begins)), to = useSignal(timeValue(ends)), staff = useSignal(block.staff), why = useSignal(block.why ?? ""), wrong = useSignal("");
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    const wished = { staff: staff.value, start: instant(on.value, from.value), end: instant(on.value, to.value), why: why.value.trim() };
    try {
      if (block.id) await send("PATCH", `/v1/desk/blocks/${encodeURIComponent(block.id)}`, { ...wished, revision: block.revision }).then(refresh);
      else await blocks(wished);
      onClose();
    } catch (error) {
      wrong.value = explained(error);
    }
  };
  return html`<${Drawer} title=${t("block.title")} onClose=${onClose} first="block-why"><form onSubmit=${save}>
    <${Field} label=${t("block.why")} name="block-why"><input id="block-why" value=${why.value} maxlength="200" onInput=${takes(why)} /><//>
    <div class="pair">
      <${Field} label=${t("field.day")} name="block-on"><input id="block-on" type="date" required value=${on.value} onInput=${takes(on)} /><//>
      <${Field} label=${t("block.from")} name="block-from"><input id="block-from" type="time" step="300" required value=${from.value} onInput=${takes(from)} /><//>
      <${Field} label=${t("block.to")} name="block-to"><input id="block-to" type="time" step="300" required value=${to.value} onInput=${takes(to)} /><//>
      <${Field} label=${t("field.staff")} name="block-staff"><select id="block-staff" value=${staff.value} onInput=${takes(staff)}>${(day.value?.staff ?? []).map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select><//>
    </div>
    ${block.by && html`<p class="about">${t("block.by", { name: staffName(block.by.replace(/^staff:/, "")) })}</p>`}
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds"><button class="main">${block.id ? t("block.save") : t("block.do")}</button>
      ${block.id && html`<button type="button" class="button" onClick=${() => (onClose(), unblocks(block))}>${t("block.remove")}</button>`}</p>
  </form><//>`;
}
