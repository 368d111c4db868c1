/** The day on the screen: one request draws it, a cheap one every few seconds sees whether others have changed it. */

import { signal } from "@preact/signals";
import { Problem, get, look, news, post, send } from "desk/api";
import { knowing } from "desk/business";
import { dayPath } from "desk/early";
import { keepFocus } from "desk/focus";
import { explained } from "desk/refusals";
import { setClock } from "desk/page";
import { Trouble, trouble } from "desk/session";
import { say } from "desk/toasts";
import { zone } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("./types").Visit} Visit */
/** @typedef {import("./types").Day} Day */

const EVERY = 4_000; // ms; with the way there and back, others' changes are here within five seconds

/** @type {import("@preact/signals").Signal<Day | null>} */
export const day = signal(null);
/** @type {import("@preact/signals").Signal<Error | null>} */
export const failure = signal(null);
/** Of what can be booked by hand. @param {string} id */
export const serviceName = (id) => day.value?.services.find((it) => it.id === id)?.name ?? "";
let shownDay = "";
/** @type {string | null} */
let etag = null;
const drawing = news();

/** @param {string} id */
export const pathOf = (id) => `/v1/desk/appointments/${encodeURIComponent(id)}`;

/** A first look that was begun before anybody knew which day it is there. @type {Promise<any> | null} */
let begun = null;

/** Begins to ask for it beside all else that a cold start asks for. @param {string | null} on null is the business's own today */
export function beginDay(on) {
  begun = look(dayPath(on), null).catch(() => null); // showDay asks again, and says why
}

/** @param {string} on */
async function found(on) {
  const first = await begun;
  begun = null;
  return first?.data?.on === on ? first : look(dayPath(on), etag);
}

/** @param {string} on */
export async function showDay(on) {
  if (on !== shownDay) [day.value, etag, shownDay] = [null, null, on];
  const isNews = drawing.asks();
  try {
    const answer = await found(on);
    if (on !== shownDay || !isNews()) return;
    failure.value = null;
    if (answer.unchanged) return;
    if (!Array.isArray(answer.data?.appointments)) throw new Trouble("unreachable"); // something between here and Kept answered
    etag = answer.etag;
    zone.value = answer.data.zone;
    setClock(answer.data.now);
    knowing(answer.data.staff);
    day.value = answer.data;
  } catch (error) {
    if (on !== shownDay || !isNews()) return;
    if (error instanceof Problem && error.status === 403) trouble.value = "no_role"; // whoever is staff may see it
    if (error instanceof Trouble && day.value) return; // what is known stays on the screen; the notice says that it is old
    failure.value = /** @type {Error} */ (error);
  }
}

export const refresh = () => (shownDay ? showDay(shownDay) : Promise.resolve());

/** After a write of ours: whole, whatever its mark. */
export const readAgain = () => {
  drawing.acts();
  etag = null;
  return refresh();
};

export const watchDay = () => whileSeen(refresh, EVERY);

/** As long as something is looked at; a hidden tab asks nothing, and asks at once when it is seen again. @param {() => unknown} act @param {number} every ms */
export function whileSeen(act, every) {
  const ask = () => document.visibilityState === "visible" && act();
  const timer = setInterval(ask, every);
  document.addEventListener("visibilitychange", ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ask);
  };
}

/** @param {string} id */
export const visitOf = (id) => day.value?.appointments.find((it) => it.id === id);

/** The visit as it will be if the server agrees. @param {string} id @param {Partial<Visit>} as */
function drawn(id, as) {
  drawing.acts();
  if (day.value) day.value = { ...day.value, appointments: day.value.appointments.map((it) => (it.id === id ? { ...it, ...as } : it)) };
}

/** @type {Record<string, string>} */
const LEADS_TO = { "check-in": "arrived", begin: "in_service", complete: "completed", "no-show": "no_show", cancel: "cancelled", confirm: "confirmed", approve: "booked", decline: "cancelled", "reverse-no-show": "arrived" };
const CAN_BE_UNDONE = ["check-in", "begin", "complete", "no-show", "cancel"];
/** @type {Record<string, object>} */
const IN_THE_BODY = { "reverse-no-show": { reason: "came_after_all" } };

/**
 * One act on a visit: drawn at once, and taken back with the reason if the server refuses.
 * @param {{id: string, version?: number, client_name: string}} visit @param {string} act @param {object} [more] @param {string} [says]
 */
export async function does(visit, act, more = {}, says) {
  const before = visitOf(visit.id);
  if (before && LEADS_TO[act]) drawn(visit.id, { status: LEADS_TO[act], acts: [] });
  try {
    const after = await post(`${pathOf(visit.id)}/${act}`, { version: visit.version, ...IN_THE_BODY[act], ...more });
    drawn(visit.id, { status: after.status, acts: [] });
    const undo = CAN_BE_UNDONE.includes(act) ? async () => void (await does(after, "undo")) : undefined;
    say(`${visit.client_name}: ${says ?? t(`did.${act}`, { status: named("status", after.status) })}`, { undo });
    return true;
  } catch (error) {
    if (before) drawn(visit.id, before);
    say(`${visit.client_name}: ${explained(error)}`, { wrong: true });
    return false;
  } finally {
    await readAgain();
    keepFocus(`visit-${visit.id}`);
  }
}

/** @typedef {{start: string, staff: string, minutes?: number, for_client?: boolean}} Place */

/** @param {Visit} visit @param {Place} to what it would cost, and whom it would tell */
export const preview = (visit, to) => post(`${pathOf(visit.id)}/move-preview`, to);

/**
 * Drawn where it goes at once. Raises Problem where it cannot go there.
 * @param {Visit} visit @param {Place} to @param {string} [override] why the rules for clients do not count @param {string} [says] what was done; what is taken back has no way forth again
 */
export async function moves(visit, to, override = "", says = "did.move") {
  const back = { start: visit.start, staff: visit.staff, minutes: (Date.parse(visit.end) - Date.parse(visit.start)) / 60_000 };
  const minutes = to.minutes ?? back.minutes;
  drawn(visit.id, { start: to.start, end: new Date(Date.parse(to.start) + minutes * 60_000).toISOString(), staff: to.staff });
  try {
    const after = await post(`${pathOf(visit.id)}/reschedule`, { ...to, version: visit.version, ...(override && { override }) });
    const undo = async () => void (await moves({ ...visit, version: after.version, start: after.start, end: after.end, staff: after.staff }, back, override, "did.taken_back"));
    say(t(says, { name: visit.client_name }), { undo: says === "did.move" ? undo : undefined });
  } catch (error) {
    drawn(visit.id, { start: visit.start, end: visit.end, staff: visit.staff });
    if (error instanceof Problem) throw error;
    say(explained(error), { wrong: true });
  } finally {
    await readAgain();
  }
}

/** @param {object} block */
export async function blocks(block) {
  const made = await post("/v1/desk/blocks", block);
  say(t("did.block"), { undo: () => unblocks(made) });
  await readAgain();
}

/** @param {import("./types").Block} block */
export async function unblocks(block) {
  try {
    await send("DELETE", `/v1/desk/blocks/${encodeURIComponent(block.id)}?revision=${block.revision}`);
    const { staff, start, end, why } = block;
    say(t("did.unblock"), { undo: () => blocks({ staff, start, end, why }) });
  } catch (error) {
    say(explained(error), { wrong: true });
  }
  await readAgain();
}

/** @param {string} id */
export const loadVisit = (id) => get(pathOf(id));
