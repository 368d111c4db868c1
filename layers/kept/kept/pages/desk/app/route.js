/** Every view has an address; links within the desk change it without loading the page again. */

import { computed, signal } from "@preact/signals";

const here = signal(location.pathname + location.search);

export const address = computed(() => new URL(here.value, location.origin));

/** @param {string} to @param {{replace?: boolean}} [how] */
export function go(to, { replace = false } = {}) {
  if (to === here.value) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  here.value = location.pathname + location.search;
}

/** The same view with other things asked for; null takes one away. @param {Record<string, string | null>} asked */
export function asking(asked) {
  const url = new URL(address.value);
  for (const [name, value] of Object.entries(asked)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

/** A visit beside the day, which stays as it is looked at. @param {string} id */
export function besideDay(id) {
  const kept = address.value.searchParams.get("view") === "week" ? "" : address.value.search;
  return `/desk/appointments/${encodeURIComponent(id)}${kept}`;
}

addEventListener("popstate", () => (here.value = location.pathname + location.search));
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = !event.defaultPrevented && event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.hash || link.origin !== location.origin || !/^\/desk(\/|$)/.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
