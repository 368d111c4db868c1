/** Words that were typed and not sent yet: they outlive a reload, a lost connection and the end of a sign-in. */

import { effect, signal } from "@preact/signals";
import { recall, remember } from "desk/kept_in_tab";

/** @type {Map<string, import("@preact/signals").Signal<any>>} */
const drafts = new Map();

/**
 * The same signal for the same name, as it was left.
 * @template T @param {string} name @param {T} initial @returns {import("@preact/signals").Signal<T>}
 */
export function draft(name, initial) {
  const known = drafts.get(name);
  if (known) return known;
  const made = signal(recall(`draft.${name}`) ?? initial);
  effect(() => remember(`draft.${name}`, made.value));
  drafts.set(name, made);
  return made;
}

/** What has been sent is no draft any more. @param {string} name */
export function done(name) {
  drafts.get(name) && (/** @type {any} */ (drafts.get(name)).value = null);
  drafts.delete(name);
  remember(`draft.${name}`, null);
}
