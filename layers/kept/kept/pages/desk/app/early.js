/** Asks for the day while the rest of the desk is still being loaded: whoever needs it takes the answer from here. */

const SOON = 60_000; // ms; a token that ends so soon is renewed before it is used
/** @type {Map<string, Promise<Response>>} */
const begun = new Map();

/** @param {string} token */
export const asStaff = (token) => ({ Authorization: `Bearer ${token}`, "Accept-Language": document.documentElement.lang });

/** @param {{until: number} | null} session */
export const isEnding = (session) => Date.now() > (session?.until ?? 0) - SOON;

/** @param {string | null} on null is the business's own today */
export const dayPath = (on) => `/v1/desk/day?${new URLSearchParams(on ? { on } : {})}`;

/** What was begun is taken once. @param {string} path @returns {Promise<Response> | undefined} */
export function taken(path) {
  const answer = begun.get(path);
  begun.delete(path);
  return answer;
}

const session = JSON.parse(sessionStorage.getItem("kept.signed-in") ?? "null");
if (location.pathname === "/desk" && session && !isEnding(session)) {
  const path = dayPath(new URLSearchParams(location.search).get("on"));
  const answer = fetch(path, { headers: asStaff(session.token), cache: "no-store" });
  answer.catch(() => {}); // whoever takes it asks again
  begun.set(path, answer);
}
