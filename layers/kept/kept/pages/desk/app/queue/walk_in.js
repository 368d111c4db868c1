/** A number for who walks in: what for, with whom if they mind, and their name or number if they leave one. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { business } from "desk/business";
import { takes } from "desk/parts";
import { comes } from "desk/queue/queue_store";
import { t } from "desk/words";

const NUMBER = /^[\d\s+()-]{5,}$/;

export function WalkIn() {
  const services = business.value?.services ?? [], service = useSignal(services[0]?.id ?? ""), staff = useSignal(""), who = useSignal("");
  const { refused, isBusy, acts } = useActing();
  const people = Object.entries(services.find((it) => it.id === service.value)?.staff ?? {}), wished = staff.value in Object.fromEntries(people) ? staff.value : "";
  const send = () => acts(async () => {
    const said = who.value.trim();
    await comes({ service: service.value, ...(wished && { staff: wished }), ...(said && (NUMBER.test(said) ? { phone: said } : { name: said })) });
    [who.value, staff.value] = ["", ""];
    document.getElementById("walk-in-who")?.focus();
  });
  if (!services.length) return null;
  return html`<form class="filters" aria-label=${t("queue.walk_in")} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), send())}>
    <label for="walk-in-who">${t("queue.who")}<input id="walk-in-who" maxlength="100" autocomplete="off" value=${who.value} onInput=${takes(who)} /></label>
    <label for="walk-in-service">${t("field.service")}<select id="walk-in-service" value=${service.value} onChange=${takes(service)}>${services.map((it) => html`<option key=${it.id} value=${it.id} selected=${it.id === service.value}>${it.name}</option>`)}</select></label>
    <label for="walk-in-staff">${t("field.staff")}<select id="walk-in-staff" value=${wished} onChange=${takes(staff)}><option value="">${t("book.anyone")}</option>${people.map(([id, name]) => html`<option key=${id} value=${id} selected=${id === wished}>${name}</option>`)}</select></label>
    <button class="button" disabled=${isBusy.value}>${t("queue.give")}</button>
  </form>
  ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}`;
}
