/** What this tab remembers, and no other: the sign-in, and words that were typed and not sent yet. */

/** @param {string} name */
export function recall(name) {
  const kept = sessionStorage.getItem(`kept.${name}`);
  return kept === null ? null : JSON.parse(kept);
}

let isOver = false;

/** All of it, and what comes late as well: whoever signs out leaves nothing. */
export const forget = () => ((isOver = true), sessionStorage.clear());

/** @param {string} name @param {unknown} value null forgets it */
export function remember(name, value) {
  if (value === null || isOver) sessionStorage.removeItem(`kept.${name}`);
  else sessionStorage.setItem(`kept.${name}`, JSON.stringify(value));
}
