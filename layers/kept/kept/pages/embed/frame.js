/** In a frame on one of the business's own sites: tells that site alone how high the page is and what has happened, by ids and times. */

const { site = "" } = document.body.dataset, told = document.getElementById("main")?.dataset ?? {};

/** @param {string} kept @param {object} [facts] */
const tell = (kept, facts = {}) => parent.postMessage({ kept, ...facts }, site);

if (parent !== window && site) {
  tell("ready");
  new ResizeObserver(() => tell("height", { height: document.documentElement.offsetHeight })).observe(document.body);
  if (told.booked) tell("booked", { id: told.booked, start: told.start });
  if (told.failed) tell("failed", { code: told.failed });
}
