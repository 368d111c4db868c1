/** What somebody waits for: of a client who is found here, or changed of one who waits. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get } from "desk/api";
import { business, serviceName } from "desk/business";
import { ClientSearch } from "desk/client_search";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { Field } from "desk/parts";
import { address } from "desk/route";
import { dayAfter, soon, today } from "desk/when";
import { WEEK, weekday } from "desk/waitlist/said";
import { adds, changes, wishOf } from "desk/waitlist/store";
import { t } from "desk/words";

/** @typedef {import("desk/waitlist/store").Wish} Wish */
/** @typedef {{wish: Wish, client: {id: string, name: string} | null, typed: string, key: string}} Typed */

const AHEAD = 14; // days that somebody waits at first
const NEW = "waiting";

/** @returns {Typed} */
const nothing = () => ({
  wish: { services: [], staff: [], first: today(), last: dayAfter(today(), AHEAD), weekdays: [], opens: null, closes: null, sooner_than: "", book_for_me: false, quiet_allowed: false, same_day: "", note: "" },
  client: null, typed: "", key: crypto.randomUUID(),
});

/** @param {{onClose: () => void}} its */
export function NewWait({ onClose }) {
  const typed = draft(NEW, nothing()), asked = address.value.searchParams, client = asked.get("client"), service = asked.get("service");
  /** @param {Partial<Typed>} more */
  const set = (more) => (typed.value = { ...typed.value, ...more, key: crypto.randomUUID() });
  useEffect(() => {
    if (service) set({ wish: { ...typed.value.wish, services: [service] } });
    if (client) get(`/v1/desk/clients/${encodeURIComponent(client)}`).then((found) => set({ client: { id: found.id, name: found.name } }), () => {});
  }, [client, service]);
  const its = typed.value ?? nothing(), who = its.client;
  const send = async () => {
    if (!who) return;
    await adds(who.id, who.name, its.wish, its.key);
    onClose();
    done(NEW);
  };
  return html`<${Drawer} title=${t("waitlist.add")} onClose=${onClose} first="wait-client">
    ${who ? html`<p class="chosen"><strong>${who.name}</strong> <button type="button" class="button" onClick=${() => set({ client: null, wish: { ...its.wish, sooner_than: "" } })}>${t("book.another")}</button></p>`
      : html`<${ClientSearch} id="wait-client" label=${t("field.client")} value=${its.typed} onInput=${(/** @type {string} */ name) => set({ typed: name })} onChoose=${(/** @type {any} */ hit) => set({ client: { id: hit.id, name: hit.name }, typed: "" })} />
        <p class="about">${t("waitlist.not_on_record")} <a href="/desk/clients?new=1">${t("waitlist.new_client")}</a></p>`}
    <${WishForm} wish=${its.wish} set=${(/** @type {Wish} */ wish) => set({ wish })} client=${who?.id ?? ""} send=${send} cannot=${!who} says=${t("waitlist.add_do")} does=${t("waitlist.add_does")} onLeave=${onClose} />
  <//>`;
}

/** @param {{it: import("desk/waitlist/store").Entry, onDone: () => void}} its */
export function ChangeWish({ it, onDone }) {
  const name = `waiting.${it.id}`, typed = draft(name, wishOf(it)), wish = typed.value ?? wishOf(it);
  const send = async () => {
    await changes(it, wish);
    onDone();
    done(name);
  };
  const leave = () => {
    onDone();
    done(name);
  };
  return html`<${WishForm} wish=${wish} set=${(/** @type {Wish} */ now) => (typed.value = now)} client=${it.client} send=${send} says=${t("waitlist.change_do")} does=${it.offer ? t("waitlist.change_withdraws") : t("waitlist.change_does")} onLeave=${leave} />`;
}

/** @param {{wish: Wish, set: (wish: Wish) => void, client: string, send: () => Promise<void>, cannot?: boolean, says: string, does: string, onLeave: () => void}} its */
function WishForm({ wish, set, client, send, cannot = false, says, does, onLeave }) {
  const { refused, isBusy, acts } = useActing(), coming = useSignal(/** @type {any[]} */ ([]));
  useEffect(() => {
    coming.value = [];
    if (client) get(`/v1/desk/clients/${encodeURIComponent(client)}/visits?limit=1`).then((found) => (coming.value = found.coming.filter((/** @type {any} */ it) => ["booked", "confirmed"].includes(it.status))), () => {});
  }, [client]);
  /** @param {Partial<Wish>} more */
  const put = (more) => set({ ...wish, ...more });
  /** @template T @param {T[]} all @param {T} one */
  const turned = (all, one) => (all.includes(one) ? all.filter((it) => it !== one) : [...all, one]);
  const services = business.value?.services ?? [], wanted = wish.services.length ? services.filter((it) => wish.services.includes(it.id)) : services;
  const people = Object.entries(Object.assign({}, ...wanted.map((it) => it.staff))), isSooner = wish.sooner_than !== "";
  /** @param {string} id */
  const instead = (id) => put({ sooner_than: id, services: id ? [coming.value.find((it) => it.id === id)?.service ?? wish.services[0]] : wish.services });
  return html`<form class="booking" onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), acts(send))}>
    ${coming.value.length > 0 && html`<${Field} label=${t("waitlist.instead")} name="wait-instead" hint=${t("waitlist.instead_hint")}><select id="wait-instead" value=${wish.sooner_than} onChange=${(/** @type {any} */ event) => instead(event.target.value)}>
      <option value="">${t("waitlist.another_visit")}</option>${coming.value.map((it) => html`<option key=${it.id} value=${it.id} selected=${it.id === wish.sooner_than}>${it.service_name} · ${soon(it.start)}</option>`)}</select><//>`}
    ${isSooner ? html`<p><strong>${wish.services.map(serviceName).join(", ")}</strong></p>` : html`<fieldset><legend>${t("field.service")}</legend><div class="chips">${services.map((it) => chip(`service-${it.id}`, it.name, wish.services.includes(it.id), () => put({ services: turned(wish.services, it.id) })))}</div></fieldset>`}
    <fieldset><legend>${t("field.staff")}</legend><div class="chips">${chip("staff-any", t("book.anyone"), !wish.staff.length, () => put({ staff: [] }))}${people.map(([id, name]) => chip(`staff-${id}`, String(name), wish.staff.includes(id), () => put({ staff: turned(wish.staff, id) })))}</div></fieldset>
    <div class="pair"><${Field} label=${t("waitlist.first")} name="wait-first"><input id="wait-first" type="date" required value=${wish.first} onInput=${(/** @type {any} */ event) => put({ first: event.target.value })} /><//>
      <${Field} label=${t("waitlist.last")} name="wait-last"><input id="wait-last" type="date" required min=${wish.first} value=${wish.last} onInput=${(/** @type {any} */ event) => put({ last: event.target.value })} /><//></div>
    <fieldset><legend>${t("waitlist.weekdays")}</legend><div class="chips">${chip("day-any", t("waitlist.any_day"), !wish.weekdays.length, () => put({ weekdays: [] }))}${WEEK.map((day) => chip(`day-${day}`, weekday(day), wish.weekdays.includes(day), () => put({ weekdays: turned(wish.weekdays, day) })))}</div></fieldset>
    <div class="pair"><${Field} label=${t("waitlist.opens")} name="wait-opens"><input id="wait-opens" type="time" value=${wish.opens ?? ""} onInput=${(/** @type {any} */ event) => put({ opens: event.target.value || null })} /><//>
      <${Field} label=${t("waitlist.closes")} name="wait-closes"><input id="wait-closes" type="time" value=${wish.closes ?? ""} onInput=${(/** @type {any} */ event) => put({ closes: event.target.value || null })} /><//></div>
    <${Field} label=${t("waitlist.same_day")} name="wait-same-day"><select id="wait-same-day" value=${wish.same_day} onChange=${(/** @type {any} */ event) => put({ same_day: event.target.value })}>${["", "near", "due"].map((kind) => html`<option key=${kind} value=${kind} selected=${kind === wish.same_day}>${t(`waitlist.same_day.${kind || "any"}`)}</option>`)}</select><//>
    <p><label class="choice"><input type="checkbox" checked=${wish.book_for_me} onChange=${(/** @type {any} */ event) => put({ book_for_me: event.target.checked })} /> ${t("waitlist.ask_for_me")}</label>
      <label class="choice"><input type="checkbox" checked=${wish.quiet_allowed} onChange=${(/** @type {any} */ event) => put({ quiet_allowed: event.target.checked })} /> ${t("waitlist.ask_quiet")}</label></p>
    <${Field} label=${t("field.note")} name="wait-note"><input id="wait-note" maxlength="500" value=${wish.note} onInput=${(/** @type {any} */ event) => put({ note: event.target.value })} /><//>
    <p class="about">${does}</p>
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    <p class="deeds sticky"><button class="main" disabled=${cannot || !wish.services.length || isBusy.value}>${says}</button> <button type="button" class="button" onClick=${onLeave}>${t("waitlist.leave")}</button></p>
  </form>`;
}

/** @param {string} id @param {string} label @param {boolean} isChosen @param {() => void} turn */
const chip = (id, label, isChosen, turn) => html`<label class="chip" key=${id}><input type="checkbox" id="wait-${id}" checked=${isChosen} onChange=${turn} /><span>${label}</span></label>`;
