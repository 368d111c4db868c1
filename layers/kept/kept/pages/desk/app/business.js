/** The business that whoever is signed in belongs to, and who they are in it. */

import { computed, signal } from "@preact/signals";
import { get } from "desk/api";
import { recall, remember } from "desk/kept_in_tab";
import { Trouble, session, whoami } from "desk/session";
import { zone } from "desk/when";
import { speak } from "desk/words";

/** @typedef {{minor: number, currency: string}} Sum */
/** @typedef {{id: string, name: string, duration: number, staff: Record<string, string>, questions: import("desk/visit/questions").Question[], deposit: Sum | null, deposit_by_standing: Sum | null}} Service */
/** @typedef {{id: string, name: string, zone: string, locale: string, phone: string, services: Service[]}} Business */

/** @type {import("@preact/signals").Signal<Business | null>} */
export const business = signal(null);
export const me = computed(() => (session.value ? whoami() : null));

/** Raises Trouble where they belong to none. What this tab knew of it is shown until the answer is here. */
export async function openBusiness() {
  const id = me.value?.business;
  if (!id) throw new Trouble("no_role");
  const known = recall("business");
  if (known?.id === id) take(known);
  const asked = get(`/v1/businesses/${encodeURIComponent(id)}`).then((found) => {
    remember("business", found);
    take(found);
  });
  if (!business.value) await asked;
  else asked.catch(() => {});
  await speak(business.value?.locale);
}

/** @param {Business} found */
function take(found) {
  business.value = found;
  zone.value = found.zone;
}

/** Everybody who works there, by id, as a day tells them. @type {import("@preact/signals").Signal<Record<string, string>>} */
const everybody = signal({});

/** @param {{id: string, name: string}[]} staff */
export function knowing(staff) {
  everybody.value = Object.fromEntries(staff.map((it) => [it.id, it.name]));
}

/** By id; until a day was looked at those alone who do a service. @returns {Record<string, string>} */
export const colleagues = () => Object.assign({}, ...(business.value?.services ?? []).map((it) => it.staff), everybody.value);

/** @param {string} id */
export const staffName = (id) => colleagues()[id] ?? id;

/** @param {string} id */
export const serviceName = (id) => business.value?.services.find((it) => it.id === id)?.name ?? id;
