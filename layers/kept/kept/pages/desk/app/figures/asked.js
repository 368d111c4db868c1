/** Which days are looked at, by what they are put together and split: it stands in the address; and what is known of them. */

import { signal } from "@preact/signals";
import { get } from "desk/api";
import { explained } from "desk/refusals";
import { address } from "desk/route";
import { dayAfter, monday, today } from "desk/when";

/** @typedef {{part: number, whole: number, ratio: number | null, enough: boolean}} Part */
/** @typedef {Record<string, any>} Numbers */

export const GROUPS = ["staff", "service", "channel", "source", "tier"];
export const PERIODS = ["day", "week", "month"];
const WEEKS = 12;

/** What is shown, or nothing yet. @type {import("@preact/signals").Signal<any>} */
export const found = signal(null);
export const failure = signal("");

/** Whole weeks up to today, twelve unless it is asked otherwise. */
export function asked() {
  const said = address.value.searchParams, one = (/** @type {string} */ name, /** @type {string[]} */ among, /** @type {string} */ usual) => (among.includes(said.get(name) ?? "") ? (said.get(name) ?? usual) : usual);
  return { from: said.get("from") || weeksAgo(WEEKS), to: said.get("to") || today(), by: one("by", PERIODS, "week"), group: one("group", GROUPS, "staff") };
}

/** @param {number} weeks so many, this one among them */
export const weeksAgo = (weeks) => dayAfter(monday(today()), -7 * (weeks - 1));

let last = "";
/** What was asked for last is shown, whatever comes first. */
export async function load() {
  const query = String(new URLSearchParams(asked()));
  last = query;
  try {
    const answer = await get(`/v1/desk/figures?${query}`);
    if (last === query) [found.value, failure.value] = [answer, ""];
  } catch (error) {
    if (last === query) failure.value = explained(error);
  }
}
