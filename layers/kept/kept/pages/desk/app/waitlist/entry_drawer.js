/** One who waits: what for, what they were offered and said to it, all that was done; and offering or booking a free time by hand. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get } from "desk/api";
import { serviceName, staffName } from "desk/business";
import { Drawer } from "desk/drawer";
import { whoDid } from "desk/own_lines";
import { now } from "desk/page";
import { Failed, Field, Skeleton, badge, fact, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { clock, dayAfter, dayOf, instant, soon, timeValue } from "desk/when";
import { State, spell, waits, wishes } from "desk/waitlist/said";
import { books, list, offers, pathOf, refusal, takesOff } from "desk/waitlist/store";
import { ChangeWish } from "desk/waitlist/wish_form";
import { named, t } from "desk/words";

/** @typedef {import("desk/waitlist/store").Entry & {offered_from: string, offers: import("desk/waitlist/store").Offer[], record: {what: string, at: string, by: string, about: string, why: string}[]}} Whole */
/** @typedef {import("desk/waitlist/store").Time} Time */

const MOST = 100, SHOWN = 12, REACH = 61; // free times that are asked for, that are shown of many days, and days ahead
const TOLD = ["passed_over"];
const LIVE = ["waiting", "offered"];

/** @param {{id: string, onClose: () => void}} its */
export function EntryDrawer({ id, onClose }) {
  const found = useSignal(/** @type {Whole | null} */ (null)), wrong = useSignal(""), act = address.value.searchParams.get("do");
  const load = () => get(pathOf(id)).then((its) => ([found.value, wrong.value] = [its, ""]), (error) => found.value || (wrong.value = explained(error)));
  useEffect(() => void load(), [id, list.value]);
  const it = found.value, back = () => go(asking({ do: null })), isLive = it && LIVE.includes(it.state);
  return html`<${Drawer} title=${it ? it.client_name || t("waitlist.forgotten") : t("rail.waitlist")} onClose=${onClose}>
    ${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : !it ? html`<${Skeleton} rows=${6} />`
      : isLive && act === "change" ? html`<${ChangeWish} it=${it} onDone=${back} />`
      : isLive && (act === "offer" || act === "book") ? html`<${ChooseTime} key=${act} it=${it} isBooked=${act === "book"} onDone=${back} />`
      : html`<${Shown} it=${it} isLive=${isLive} onClose=${onClose} />`}
  <//>`;
}

/** @param {{it: Whole, isLive: boolean, onClose: () => void}} its */
function Shown({ it, isLive, onClose }) {
  const { refused, isBusy, acts } = useActing();
  const off = () => acts(async () => {
    await takesOff(it);
    onClose();
  });
  return html`<p class="badges"><${State} it=${it} /> ${badge("tier", it.tier)} ${isLive && waits(it)}</p>
    <dl class="facts">
      ${fact(t("waitlist.wish"), wishes(it))}
      ${fact(t("waitlist.since"), time(it.since))}
      ${fact(t("waitlist.instead"), it.sooner_than && html`<a href="/desk/appointments/${encodeURIComponent(it.sooner_than)}">${t("waitlist.their_visit")}</a>`)}
      ${fact(t("waitlist.how"), [it.book_for_me && t("waitlist.for_me"), it.quiet_allowed && t("waitlist.quiet")].filter(Boolean).join(" "))}
      ${fact(t("field.note"), it.note)}
      ${fact(t("waitlist.came_to"), it.booked && html`<a href="/desk/appointments/${encodeURIComponent(it.booked)}">${t("waitlist.their_visit")}</a>`)}
      ${fact(t("field.client"), html`<a href="/desk/clients/${encodeURIComponent(it.client)}">${it.client_name}</a>`)}
    </dl>
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    ${isLive && html`<p class="deeds">${!it.offer && html`<a class=${it.book_for_me ? "button" : "button main"} href=${asking({ do: "offer" })} hidden=${it.book_for_me}>${t("waitlist.offer")}</a>
      <a class=${it.book_for_me ? "button main" : "button"} href=${asking({ do: "book" })}>${t("waitlist.book")}</a>`}
      <a class="button" href=${asking({ do: "change" })}>${t("waitlist.change")}</a>
      <button type="button" class="button" disabled=${isBusy.value} onClick=${off}>${t("waitlist.take_off")}</button></p>`}
    <h3>${t("waitlist.offers")}</h3>
    ${it.offers.length ? html`<ol class="ledger">${[...it.offers].reverse().map((one) => html`<li key=${one.id}><strong>${spell(one)}</strong> <span class="about">${t("day.what", { service: serviceName(one.service), person: staffName(one.staff) })}</span>
        <p>${one.answer ? badge("offer_answer", one.answer) : html`<${State} it=${it} />`} <span class="about">${one.why}</span></p>
        <p class="about">${t("waitlist.offered_at")} ${time(one.made_at, soon)}${one.answered_at && html` · ${t("waitlist.answered_at")} ${time(one.answered_at, soon)}`}${one.shared && ` · ${t("waitlist.shared")}`}</p></li>`)}</ol>`
      : html`<p class="about">${t("waitlist.no_offers")}</p>`}
    <h3>${t("history.title")}</h3>
    <ol class="ledger">${[...it.record].reverse().map((line, n) => html`<li key=${it.record.length - n}><strong>${named("wait_line", line.what)}</strong>
      <p class="about">${time(line.at)} · ${whoDid(line.by)}</p>${TOLD.includes(line.what) && line.why && html`<blockquote class="lines">${line.why}</blockquote>`}</li>`)}</ol>`;
}

/** A free time that they wish for; else any. @param {{it: Whole, isBooked: boolean, onDone: () => void}} its */
function ChooseTime({ it, isBooked, onDone }) {
  const service = useSignal(it.services[0]), slots = useSignal(/** @type {{start: string, staff: string[]}[] | null} */ (null)), chosen = useSignal(/** @type {Time | null} */ (null));
  const { refused, isBusy, acts } = useActing(), again = useSignal(0), on = useSignal("");
  useEffect(() => {
    [slots.value, chosen.value] = [null, null];
    const day = on.value || it.first, soonest = isBooked ? new Date(now()).toISOString() : it.offered_from, first = day > dayOf(soonest) ? instant(day, "00:00") : soonest, end = dayAfter(on.value || it.last, 1), far = dayAfter(dayOf(first), REACH);
    const asked = new URLSearchParams({ service: service.value, from: first, to: instant(end < far ? end : far, "00:00"), limit: String(MOST), ...(it.staff.length === 1 && { staff: it.staff[0] }) });
    let isOld = false;
    get(`/v1/desk/openings?${asked}`).then((found) => isOld || (slots.value = found.slots), (error) => isOld || ((slots.value = []), (refused.value = explained(error))));
    return () => void (isOld = true);
  }, [service.value, on.value, again.value]);
  const wished = slots.value?.filter((slot) => isWished(slot, it)) ?? [], shown = (wished.length ? wished : slots.value ?? []).slice(0, on.value ? MOST : SHOWN);
  const send = () => acts(async () => {
    const time = chosen.value;
    if (!time) return;
    try {
      await (isBooked ? books(it, time) : offers(it, time));
    } catch (error) {
      again.value++; // another time is chosen of what is free now
      return void (refused.value = refusal(error));
    }
    onDone();
  });
  /** @param {{start: string, staff: string[]}} slot @returns {Time} */
  const of = (slot) => ({ service: service.value, start: slot.start, staff: slot.staff.find((who) => it.staff.includes(who)) ?? slot.staff[0] });
  return html`<p class="about">${wishes(it)}</p>
    ${it.services.length > 1 && html`<${Field} label=${t("field.service")} name="wait-service"><select id="wait-service" value=${service.value} onChange=${(/** @type {any} */ event) => (service.value = event.target.value)}>${it.services.map((id) => html`<option key=${id} value=${id}>${serviceName(id)}</option>`)}</select><//>`}
    <${Field} label=${t("field.day")} name="wait-on" hint=${t("waitlist.on_hint")}><input id="wait-on" type="date" min=${dayOf(now())} value=${on.value} onInput=${(/** @type {any} */ event) => (on.value = event.target.value)} /><//>
    <h3>${t("book.free")}</h3>
    ${slots.value === null ? html`<${Skeleton} rows=${3} />` : html`
      ${wished.length === 0 && html`<p class="about">${t(slots.value.length ? "waitlist.none_wished" : "waitlist.none_free")}</p>`}
      <div class="slots">${shown.map((slot) => {
        const time = of(slot);
        return html`<button type="button" key=${slot.start} class="time" aria-pressed=${chosen.value?.start === slot.start} onClick=${() => (chosen.value = time)}>${(on.value ? clock : soon)(slot.start)}<small>${staffName(time.staff)}</small></button>`;
      })}</div>`}
    <p class="about">${t(isBooked ? "waitlist.book_does" : "waitlist.offer_does")}</p>
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    <p class="deeds sticky"><button type="button" class="main" disabled=${!chosen.value || isBusy.value} onClick=${send}>${chosen.value ? t(isBooked ? "waitlist.book_at" : "waitlist.offer_at", { when: soon(chosen.value.start) }) : t(isBooked ? "waitlist.book" : "waitlist.offer")}</button>
      <button type="button" class="button" onClick=${onDone}>${t("waitlist.leave")}</button></p>`;
}

/** By days and hours, and by who is free; how long it lasts the server knows. @param {{start: string, staff: string[]}} slot @param {Whole} it */
function isWished(slot, it) {
  const day = dayOf(slot.start), at = timeValue(slot.start), weekday = (new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7;
  return day >= it.first && day <= it.last && (!it.weekdays.length || it.weekdays.includes(weekday)) && (!it.opens || at >= it.opens) && (!it.closes || at < it.closes) && (!it.staff.length || slot.staff.some((who) => it.staff.includes(who)));
}
