/** A booking by telephone or at the counter: what, when, with whom, for whom; done. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Problem, get, post } from "desk/api";
import { business, staffName } from "desk/business";
import { ClientSearch } from "desk/client_search";
import { does, refresh } from "desk/day_store";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { focusOn } from "desk/focus";
import { Later } from "desk/later";
import { Alerts, Field, Skeleton } from "desk/parts";
import { now } from "desk/page";
import { explained } from "desk/refusals";
import { go } from "desk/route";
import { say } from "desk/toasts";
import { clock, dayAfter, dayOf, instant, soon, timeValue, today } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {{id?: string, name: string, alerts?: string[]} | null} Who */
/** @typedef {{service: string, staff: string, when: string, on: string, start: string, with: string, client: Who, typed: string, phone: string, email: string, agrees: string[], note: string, override: string, answers: Record<string, string>, asked: import("desk/money/deposit_choice").Said}} Wish */
/** @typedef {{service?: string, staff?: string, start?: string, client?: Who, after?: number, like?: string}} Prefill */

const MOST = 12; // openings shown
const NAME = "booking";
/** @type {Wish} */
const NOTHING = { service: "", staff: "", when: "first", on: "", start: "", with: "", client: null, typed: "", phone: "", email: "", agrees: [], note: "", override: "", answers: {}, asked: {} };

const depositChoice = () => import("desk/money/deposit_choice").then((it) => it.DepositChoice);
const questions = () => import("desk/visit/questions").then((it) => it.Questions);
const standing = () => import("desk/client/standing").then((it) => it.StandingWarning);

export const isBooking = signal(false);
const draftOf = () => draft(NAME, /** @type {Wish} */ (NOTHING));

/** Opens the panel, with what is known already. `after` days after `like` is "again in four weeks". @param {Prefill} [known] */
export function book(known = {}) {
  const on = known.after && known.like ? dayAfter(dayOf(known.like), known.after) : known.start ? dayOf(known.start) : "";
  const start = known.after && known.like ? instant(on, timeValue(known.like)) : (known.start ?? "");
  if (Object.keys(known).length) {
    draftOf().value = { ...NOTHING, service: known.service ?? "", staff: known.staff ?? "", client: known.client ?? null, when: on ? "day" : "first", on, start, with: known.staff ?? "" };
  }
  isBooking.value = true;
}

/** Of what fits the one that is named, or the only one; else from when the first of them does. @param {import("./types").Gap} gap @param {string} [service] */
export function bookGap({ staff, fits }, service = fits.length === 1 ? fits[0].service : "") {
  const starts = fits.filter((it) => !service || it.service === service).map((it) => it.start);
  book({ staff, service, start: starts.reduce((a, b) => (Date.parse(b) < Date.parse(a) ? b : a)) });
}

export function BookingPanel() {
  return isBooking.value ? html`<${Panel} />` : null;
}

function Panel() {
  const wish = draftOf(), slots = useSignal(/** @type {any[] | null} */ (null)), wrong = useSignal(""), asks = useSignal(false), choices = useSignal(/** @type {any[]} */ ([])), isBusy = useSignal(false);
  const its = wish.value, services = business.value?.services ?? [];
  const service = services.find((it) => it.id === its.service) ?? (services.length === 1 ? services[0] : undefined);
  /** @param {Partial<Wish>} more */
  const set = (more) => {
    wish.value = { ...wish.value, ...more };
    [wrong.value, asks.value, choices.value] = ["", false, []];
  };
  const close = () => (isBooking.value = false);
  useEffect(() => {
    slots.value = null;
    if (!service) return;
    const { from, to } = span(its.when, its.on);
    const asked = new URLSearchParams({ service: service.id, from, to, limit: String(MOST), ...(its.staff && { staff: its.staff }) });
    let isOld = false;
    get(`/v1/desk/openings?${asked}`).then((found) => {
      if (isOld) return;
      slots.value = found.slots;
      const kept = wish.value.start, first = found.slots[0];
      if (!kept && first) wish.value = { ...wish.value, start: first.start, with: its.staff || first.staff[0] };
    }, (error) => isOld || (wrong.value = explained(error)));
    return () => void (isOld = true);
  }, [service?.id, its.staff, its.when, its.on]);

  const client = its.client?.id ? { id: its.client.id } : {
    name: its.client?.name || its.typed.trim() || t("book.walk_in_name"),
    ...(its.phone.trim() && { phone: its.phone.trim() }), ...(its.email.trim() && { email: its.email.trim() }), agrees_to: its.agrees,
  };
  /** @param {any} body */
  const sends = async (body) => {
    if (!service || isBusy.value) return;
    isBusy.value = true;
    try {
      const made = await post("/v1/desk/appointments", { service: service.id, client, note: its.note, answers: Object.fromEntries(service.questions.map(({ id }) => [id, its.answers?.[id] ?? ""]).filter(([, said]) => said)), ...(its.override.trim() && { override: its.override.trim() }), ...(body.walk_in ? {} : its.asked), ...body });
      done(NAME);
      close();
      say(t("did.book", { name: its.client?.name || its.typed || t("book.walk_in_name"), when: soon(made.start), staff: staffName(made.staff) }), {
        undo: async () => void (await does({ ...made, client_name: its.client?.name || its.typed }, "cancel", { reason: "other" })),
      });
      go(`/desk?on=${dayOf(made.start)}`);
      await refresh();
      focusOn(`visit-${made.id}`);
    } catch (error) {
      wrong.value = explained(error);
      const code = error instanceof Problem ? error.code : "";
      choices.value = error instanceof Problem ? (error.about.alternatives ?? []) : [];
      asks.value = error instanceof Problem && [409, 422].includes(error.status) && code !== "slot_taken" && !error.about.fields;
    } finally {
      isBusy.value = false;
    }
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    const who = its.with || its.staff;
    void sends({ start: its.start, ...(who && { staff: who }) });
  };
  /** Whoever is found stands there in place of where they were looked for; Enter books from what comes next. @param {any} hit */
  const chooses = (hit) => {
    set({ client: hit, typed: "" });
    document.getElementById("book-note")?.focus();
  };
  /** A time that was asked for stays. @param {string} service */
  const takes = (service) => set({ service, start: its.when === "day" ? its.start : "", with: "" });
  const chosen = slots.value?.findIndex((slot) => Date.parse(slot.start) === Date.parse(its.start)) ?? -1;
  const isNew = !its.client?.id, people = Object.entries(service?.staff ?? {});
  return html`<${Drawer} title=${t("book.title")} onClose=${close} first="book-service">
    <form class="booking" onSubmit=${submit}>
      <fieldset><legend>${t("field.service")}</legend>${services.length <= 8
        ? html`<div class="chips">${services.map((it, n) => chip("service", it.id, it.name, service?.id === it.id, () => takes(it.id), n === 0 ? "book-service" : undefined))}</div>`
        : html`<select id="book-service" aria-label=${t("field.service")} value=${service?.id ?? ""} onInput=${(/** @type {any} */ event) => takes(event.target.value)}>
            <option value="">${t("book.choose")}</option>${services.map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select>`}</fieldset>
      <fieldset><legend>${t("field.staff")}</legend><div class="chips">
        ${chip("staff", "", t("book.anyone"), !its.staff, () => set({ staff: "", start: "", with: "" }))}
        ${people.map(([id, name]) => chip("staff", id, name, its.staff === id, () => set({ staff: id, start: "", with: id })))}</div></fieldset>
      <fieldset><legend>${t("field.when")}</legend><div class="chips">
        ${["first", "morning", "afternoon", "tomorrow", "day"].map((when) => chip("when", when, t(`book.${when}`), its.when === when, () => set({ when, start: "", on: when === "day" ? its.on || dayAfter(today(), 1) : "" })))}</div>
        ${its.when === "day" && html`<div class="pair"><${Field} label=${t("field.day")} name="book-on"><input id="book-on" type="date" value=${its.on} onInput=${(/** @type {any} */ event) => event.target.value !== its.on && set({ on: event.target.value, start: "" })} /><//>
          <${Field} label=${t("field.time")} name="book-at" hint=${t("book.any_time")}><input id="book-at" type="time" step="300" value=${its.start ? timeValue(its.start) : ""} onInput=${(/** @type {any} */ event) => event.target.value && set({ start: instant(its.on, event.target.value) })} /><//></div>`}
        ${service && (slots.value === null ? html`<${Skeleton} rows=${2} />` : html`<div class="slots" role="toolbar" aria-label=${t("book.free")} onKeyDown=${walksSlots}>
          ${slots.value.length === 0 && html`<p class="about">${t("book.none")}</p>`}
          ${slots.value.map((slot, n) => html`<button type="button" key=${slot.start} class="time" aria-pressed=${n === chosen} tabindex=${n === Math.max(0, chosen) ? 0 : -1}
            onClick=${() => set({ start: slot.start, with: its.staff || slot.staff[0] })}>${its.when === "first" ? soon(slot.start) : clock(slot.start)}${!its.staff && html`<small>${staffName(slot.staff[0])}</small>`}</button>`)}</div>`)}
      </fieldset>
      ${isNew ? html`<${ClientSearch} id="book-client" label=${t("field.client")} value=${its.typed} onInput=${(/** @type {string} */ typed) => set({ typed })}
          onChoose=${chooses} onNew=${(/** @type {string} */ typed) => set(/^[\d\s+()-]{5,}$/.test(typed) ? { phone: typed, typed: "" } : { typed })} />
        <div class="pair"><${Field} label=${t("field.phone")} name="book-phone"><input id="book-phone" type="tel" value=${its.phone} maxlength="40" onInput=${(/** @type {any} */ event) => set({ phone: event.target.value })} /><//>
          <${Field} label=${t("field.email")} name="book-email"><input id="book-email" type="email" value=${its.email} maxlength="254" onInput=${(/** @type {any} */ event) => set({ email: event.target.value })} /><//></div>
        ${(its.phone || its.email) && html`<fieldset><legend>${t("book.agrees")}</legend><div class="choices">${(its.phone ? ["sms"] : []).concat(its.email ? ["email"] : []).map((channel) => html`
          <label class="choice" key=${channel}><input type="checkbox" checked=${its.agrees.includes(channel)} onChange=${(/** @type {any} */ event) => set({ agrees: event.target.checked ? [...its.agrees, channel] : its.agrees.filter((it) => it !== channel) })} /> ${named("channel", channel)}</label>`)}</div></fieldset>`}`
      : html`<p class="chosen"><strong>${its.client?.name}</strong> <button type="button" class="button" onClick=${() => set({ client: null })}>${t("book.another")}</button></p><${Alerts} alerts=${its.client?.alerts ?? []} /><${Later} from=${standing} folder="client" id=${its.client?.id} />`}
      ${service && service.questions.length > 0 && html`<${Later} from=${questions} folder="visit" asked=${service.questions} said=${its.answers ?? {}} set=${(/** @type {Record<string, string>} */ answers) => set({ answers })} />`}
      <${Field} label=${t("field.note")} name="book-note"><input id="book-note" value=${its.note} maxlength="500" onInput=${(/** @type {any} */ event) => set({ note: event.target.value })} /><//>
      ${service && html`<p><a href="/desk/waitlist?${new URLSearchParams({ do: "add", service: service.id, ...(its.client?.id && { client: its.client.id }) })}" onClick=${close}>${t("book.wait")}</a></p>`}
      ${(service?.deposit || service?.deposit_by_standing) && html`<${Later} from=${depositChoice} folder="money" service=${service} said=${its.asked} set=${(/** @type {any} */ asked) => set({ asked })} />`}
      ${wrong.value && html`<div class="wrong" role="alert"><p>${wrong.value}</p>
        ${choices.value.length > 0 && html`<p class="choices">${choices.value.map((slot) => html`<button type="button" class="button" key=${slot.start} onClick=${() => set({ start: slot.start, with: slot.staff?.[0] ?? its.with })}>${soon(slot.start)}</button>`)}</p>`}</div>`}
      ${(asks.value || its.override) && html`<${Field} label=${t("move.override")} name="book-override"><input id="book-override" value=${its.override} maxlength="500" onInput=${(/** @type {any} */ event) => (wish.value = { ...wish.value, override: event.target.value })} /><//>`}
      <p class="deeds sticky"><button class="main" disabled=${!service || !its.start || isBusy.value}>${its.start ? t("book.do", { when: soon(its.start) }) : t("book.do_later")}</button>
        <button type="button" class="button" disabled=${!service || isBusy.value} onClick=${() => sends({ walk_in: true, ...(its.staff && { staff: its.staff }) })}>${t("book.walk_in")}</button></p>
    </form>
  <//>`;
}

/** @param {string} name @param {string} value @param {string} label @param {boolean} isChosen @param {() => void} choose @param {string} [id] */
const chip = (name, value, label, isChosen, choose, id) => html`<label class="chip" key=${value}>
  <input type="radio" id=${id} name="book-${name}" value=${value} checked=${isChosen} onChange=${choose} /><span>${label}</span></label>`;

/** One stop for Tab, and arrows within. @param {KeyboardEvent} event */
function walksSlots(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || !(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll("button")], at = all.findIndex((it) => it === document.activeElement);
  const next = all[(at + step + all.length) % all.length];
  next?.focus();
  next?.click();
}

/** What is asked for, as instants. @param {string} when @param {string} on */
function span(when, on) {
  const this_day = today(), next = dayAfter(this_day, 1), from = new Date(now()).toISOString();
  switch (when) {
    case "morning": return later(from, { from: instant(this_day, "00:00"), to: instant(this_day, "12:00") });
    case "afternoon": return later(from, { from: instant(this_day, "12:00"), to: instant(next, "00:00") });
    case "tomorrow": return { from: instant(next, "00:00"), to: instant(dayAfter(next, 1), "00:00") };
    case "day": return { from: instant(on || next, "00:00"), to: instant(dayAfter(on || next, 1), "00:00") };
    default: return { from, to: instant(dayAfter(this_day, 30), "00:00") };
  }
}

/** @param {string} now_on @param {{from: string, to: string}} span */
const later = (now_on, { from, to }) => ({ from: Date.parse(from) > Date.parse(now_on) ? from : now_on, to: Date.parse(to) > Date.parse(now_on) ? to : now_on });
