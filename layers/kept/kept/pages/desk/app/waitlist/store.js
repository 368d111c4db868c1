/** Who waits and what came free, as the screen has it, and what is done about either; every act says what it did and how it is taken back. */

import { signal } from "@preact/signals";
import { Problem, get, news, post, send } from "desk/api";
import { staffName } from "desk/business";
import { does } from "desk/day_store";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { clock, soon } from "desk/when";
import { named, sentences, t } from "desk/words";

/** @typedef {{service: string, staff: string, start: string}} Time */
/** @typedef {Time & {id: string, opening: string, end: string, made_at: string, until: string, shared: boolean, answer: string | null, answered_at: string | null, why: string}} Offer */
/** @typedef {{services: string[], staff: string[], first: string, last: string, weekdays: number[], opens: string | null, closes: string | null, sooner_than: string, book_for_me: boolean, quiet_allowed: boolean, same_day: string, note: string}} Wish */
/** @typedef {Wish & {id: string, client: string, client_name: string, tier: string, state: string, since: string, offer: Offer | null, booked: string}} Entry */
/** @typedef {Entry & {number: number, why: string, why_code: string, fits: Time | null}} Place */
/** @typedef {{id: string, staff: string, start: string, end: string, freed_by: string, by_hand: boolean, offers: {entry: string, start: string, end: string, until: string}[]}} Opening */

/** @type {import("@preact/signals").Signal<{entries: Place[], openings: Opening[]} | null>} */
export const list = signal(null);
export const failure = signal("");
let shown = "", known = "";
const drawing = news();

/** @param {string} id */
export const pathOf = (id) => `/v1/desk/waitlist/${encodeURIComponent(id)}`;

/** All who wait, or whom some freed time fits; drawn anew only where something is another. @param {string} [opening] */
export async function showWaitlist(opening = "") {
  if (opening !== shown) [list.value, known, shown] = [null, "", opening];
  const isNews = drawing.asks();
  try {
    const found = await get(`/v1/desk/waitlist${opening && `?${new URLSearchParams({ opening })}`}`), told = JSON.stringify(found);
    if (opening !== shown || !isNews()) return;
    failure.value = "";
    if (told !== known) [known, list.value] = [told, found];
  } catch (error) {
    if (opening === shown && !list.value) failure.value = explained(error);
  }
}

export const refresh = () => showWaitlist(shown);

/** Why the API refuses, with what of it stands in its facts. @param {unknown} error */
export function refusal(error) {
  const why = error instanceof Problem && error.code === "offer_not_possible" && error.about.why;
  return why ? sentences(explained(error), named("not_offered", why)) : explained(error);
}

/** What they wish for, as it is sent. @param {Wish} it @returns {Wish} */
export const wishOf = ({ services, staff, first, last, weekdays, opens, closes, sooner_than, book_for_me, quiet_allowed, same_day, note }) =>
  ({ services, staff, first, last, weekdays, opens, closes, sooner_than, book_for_me, quiet_allowed, same_day, note });

/** An undo that may be refused as any other act. @param {string} name @param {() => Promise<unknown>} act */
const undoing = (name, act) => async () => {
  await act().then(() => say(t("waitlist.undone", { name })), (error) => say(`${name}: ${refusal(error)}`, { wrong: true }));
  await refresh();
};

/** @param {string} client @param {string} name @param {Wish} wish @param {string} key */
export async function adds(client, name, wish, key) {
  const made = await send("POST", "/v1/desk/waitlist", { ...wish, client }, key);
  say(t("waitlist.added", { name }), { undo: undoing(name, () => send("DELETE", pathOf(made.id))) });
  await refresh();
}

/** @param {Entry} it @param {Wish} wish */
export async function changes(it, wish) {
  await send("PUT", pathOf(it.id), wish);
  say(t("waitlist.changed", { name: it.client_name }), { undo: undoing(it.client_name, () => send("PUT", pathOf(it.id), wishOf(it))) });
  await refresh();
}

/** @param {Entry} it */
export async function takesOff(it) {
  await send("DELETE", pathOf(it.id));
  say(t("waitlist.taken_off", { name: it.client_name }), { undo: undoing(it.client_name, () => send("PUT", pathOf(it.id), wishOf(it))) });
  await refresh();
}

/** @param {Entry} it @param {string} opening @param {string} reason */
export async function passesOver(it, opening, reason) {
  await post(`${pathOf(it.id)}/pass-over`, { opening, reason });
  say(t("waitlist.passed_over", { name: it.client_name }));
  await refresh();
}

/** Held for them from now on. @param {{id: string, client_name: string}} it @param {Time} time @param {string} [opening] */
export async function offers(it, { service, staff, start }, opening = "") {
  const { offer } = await post(`${pathOf(it.id)}/offer`, { service, staff, start, opening });
  const back = () => post(`${pathOf(it.id)}/pass-over`, { opening: offer.opening, reason: t("waitlist.reason_back") });
  say(offer ? t("waitlist.offered", { name: it.client_name, when: soon(start), until: clock(offer.until) }) : t("waitlist.booked", { name: it.client_name, when: soon(start), staff: staffName(staff) }), { undo: offer && undoing(it.client_name, back) });
  await refresh();
}

/** @param {Entry} it @param {Time} time */
export async function books(it, { service, staff, start }) {
  const made = await post(`${pathOf(it.id)}/book`, { service, staff, start });
  const back = async () => {
    if (await does({ ...made, client_name: it.client_name }, "cancel", { reason: "other" })) await undoing(it.client_name, () => send("PUT", pathOf(it.id), wishOf(it)))();
  };
  say(t("waitlist.booked", { name: it.client_name, when: soon(start), staff: staffName(staff) }), { undo: it.sooner_than ? undefined : back });
  await refresh();
}
