/** Drawings of the vendored set; always beside a word, or in something that has a name. */

import { h } from "preact";
import drawings from "icons";

/** @param {string} name */
export function icon(name) {
  const shapes = drawings[name].map(([tag, its]) => h(tag, its));
  return h("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, shapes);
}
