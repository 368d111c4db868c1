/** Everything that is set, as the API tells it, and how one thing of it is asked about, saved and taken back. */

import { signal } from "@preact/signals";
import { get, post, send } from "desk/api";
import { openBusiness } from "desk/business";
import { explained } from "desk/refusals";

/** @typedef {Record<string, any>} Thing as it is sent back: a service, a person, a room, or the business itself */
/** @typedef {"business" | "services" | "staff" | "rooms"} Kind */
/** @typedef {{business: Thing, services: Thing[], staff: Thing[], rooms: Thing[], texts: Thing[], defaults: Record<Kind, Thing>}} Catalog */

/** @type {import("@preact/signals").Signal<Catalog | null>} */
export const catalog = signal(null);
export const failure = signal("");

export async function loadCatalog() {
  try {
    catalog.value = await get("/v1/desk/catalog");
    failure.value = "";
  } catch (error) {
    failure.value = explained(error);
    throw error;
  }
  return /** @type {Catalog} */ (catalog.value);
}

/** @param {Kind | "texts"} kind @param {string} id of a text its language and its name, as en/reminder */
export const pathOf = (kind, id) => (kind === "business" ? "/v1/desk/business" : `/v1/desk/${kind}/${id.split("/").map(encodeURIComponent).join("/")}`);

/** @param {Kind} kind @param {string} id @returns {Thing | undefined} */
export const thingOf = (kind, id) => (kind === "business" ? catalog.value?.business : catalog.value?.[kind].find((it) => it.id === id));

/** Without what is no setting. @param {Thing} thing */
function settingsOf(thing) {
  const { id, policy_version, breaks, places, local_times, ...rest } = thing;
  return rest;
}

/** @param {Kind} kind @param {string} id @param {Thing} thing */
export const would = (kind, id, thing) => post(`${pathOf(kind, id)}/preview`, settingsOf(thing));

/** Saved, and known from then on; the answer says whom it affects. @param {Kind} kind @param {string} id @param {Thing} thing */
export async function save(kind, id, thing) {
  const saved = await send("PUT", pathOf(kind, id), settingsOf(thing));
  await Promise.all([loadCatalog(), openBusiness()]);
  return saved;
}

/** As it was before, over what was just saved; what was new goes. @param {Kind} kind @param {string} id @param {Thing | undefined} before */
export async function putBack(kind, id, before) {
  const now = thingOf(kind, id);
  if (before) return save(kind, id, { ...before, revision: now?.revision ?? "" });
  await send("DELETE", pathOf(kind, id));
  await Promise.all([loadCatalog(), openBusiness()]);
}

/** The value at a path such as `attendance.grace`. @param {Thing} thing @param {string} at @returns {any} */
export const valueAt = (thing, at) => at.split(".").reduce((it, name) => it?.[name], thing);

/** @param {Thing} thing @param {string} at @param {any} value @returns {Thing} a copy in which it is so */
export function withValue(thing, at, value) {
  const [first, ...rest] = at.split(".");
  return { ...thing, [first]: rest.length ? withValue(thing[first] ?? {}, rest.join("."), value) : value };
}
