/** What the shell says: when it was made, where to sign in, where the words are. */

const data = document.documentElement.dataset;

export const page = {
  now: data.now ?? "",
  signIn: data.signIn ?? "",
  client: data.client ?? "",
  address: data.address ?? "",
  /** @type {Record<string, string>} by language tag, in the order they are offered; those of a folder by `settings/en` */
  words: JSON.parse(data.words ?? "{}"),
};

/** Milliseconds that this machine's clock is behind the server's; a desk's own clock may be wrong. */
let behind = Date.parse(page.now) - Date.now();

/** @returns {number} now by the server's clock, in epoch milliseconds */
export const now = () => Date.now() + behind;

/** @param {string} instant what an answer of the API says that it is now */
export function setClock(instant) {
  behind = Date.parse(instant) - Date.now();
}
