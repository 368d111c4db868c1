/** The client on the screen: one for the page and for the drawer of a conversation; a change is drawn before it is agreed to. */

import { signal } from "@preact/signals";
import { Problem, get, post, send } from "desk/api";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */

/** @type {import("@preact/signals").Signal<ClientRecord | null>} */
export const client = signal(null);
/** @type {import("@preact/signals").Signal<string>} why there is none */
export const failure = signal("");
let shown = "";

/** @param {string} id */
export const pathOf = (id) => `/v1/desk/clients/${encodeURIComponent(id)}`;

/** @param {string} id */
export async function showClient(id) {
  if (id !== shown) [client.value, failure.value, shown] = [null, "", id];
  try {
    take(await get(pathOf(id)));
  } catch (error) {
    if (id === shown && !client.value) failure.value = explained(error);
  }
}

/** Whether it is who was asked for, be it by an id that is part of them now. @param {ClientRecord} answer @param {string} id */
export const isOf = (answer, id) => answer.id === id || answer.merged.some((one) => one.id === id);

/** The answer of a write is how they are now. @param {ClientRecord} answer */
export function take(answer) {
  if (isOf(answer, shown)) client.value = answer;
  return answer;
}

/**
 * One small change, drawn at once. Where somebody has changed other things of them in the meantime it is asked again;
 * where it is the same thing, theirs stays and is said.
 * @param {ClientRecord} before @param {Partial<ClientRecord>} wish @param {string} did
 */
export async function change(before, wish, did) {
  take({ ...before, ...wish });
  try {
    const after = take(await edited(before, wish));
    const back = /** @type {Partial<ClientRecord>} */ (Object.fromEntries(keysOf(wish).map((key) => [key, before[key]])));
    say(did, { undo: () => change(after, back, t("did.taken_back", { name: before.name })) });
  } catch (error) {
    take(nowOf(error) ?? before);
    say(`${before.name}: ${explained(error)}`, { wrong: true });
  }
}

/** @param {ClientRecord} before @param {Partial<ClientRecord>} wish @returns {Promise<ClientRecord>} */
async function edited(before, wish) {
  try {
    return await send("PATCH", pathOf(before.id), { ...wish, revision: before.revision });
  } catch (error) {
    const now = nowOf(error);
    if (!now || keysOf(wish).some((key) => !same(now[key], before[key]))) throw error;
    return await send("PATCH", pathOf(before.id), { ...wish, revision: now.revision });
  }
}

/** What the API says that they are by now, where it refuses for that. @param {unknown} error @returns {ClientRecord | undefined} */
export const nowOf = (error) => (error instanceof Problem ? error.about.now : undefined);

/** For whom is booked. @param {{id: string, name: string, alerts: string[]}} its */
export const who = ({ id, name, alerts }) => ({ id, name, alerts });

/** @param {unknown} one @param {unknown} other */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** @param {Partial<ClientRecord>} wish */
const keysOf = (wish) => /** @type {(keyof ClientRecord)[]} */ (Object.keys(wish));

/** @param {string} id @param {string} text @param {boolean} pinned */
export const writeNote = async (id, text, pinned) => take(await post(`${pathOf(id)}/notes`, { text, pinned }));
