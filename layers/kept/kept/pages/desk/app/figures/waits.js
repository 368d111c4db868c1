/** How honest what who waits is told turned out to be, week by week: nothing where nobody took a number. */

import { html } from "htm/preact";
import { found } from "desk/figures/asked";
import { count, days, percent } from "desk/figures/said";
import { Table } from "desk/figures/table";
import { lasting } from "desk/when";
import { named, t } from "desk/words";

/** @param {any} it */
const share = (it) => `${percent(it.ratio)}, ${t("figures.of", { part: count(it.part), whole: count(it.whole) })}`;
/** @param {number | null} it */
const minutes = (it) => (it === null ? "–" : lasting(Math.round(it)));

export function Waits() {
  const { waits, by } = found.value, name = t("figures_more.waits"), whole = waits.at(-1);
  if (!whole.told) return null;
  return html`<section class="figure-box"><h2>${name}</h2><ul>
      <li>${t("figures_more.waits_within", { share: share(whole.within) })}</li>
      <li>${t("figures_more.waits_longer", { share: share(whole.longer) })}</li>
      <li>${t("figures_more.waits_off", { error: minutes(whole.error), waited: minutes(whole.waited) })}</li></ul>
    <p class="about">${t("figures_more.waits_about")}</p>
    <${Table} name=${name}><thead><tr><th scope="col">${named("figures_each", by)}</th>${["told", "within", "longer", "error", "waited"].map((it) => html`<th key=${it} scope="col">${named("waits", it)}</th>`)}</tr></thead>
      <tbody>${waits.slice(0, -1).filter((/** @type {any} */ it) => it.told).map((/** @type {any} */ it) => html`<tr key=${it.first_day}><th scope="row">${days(it)}</th><td>${count(it.told)}</td><td>${share(it.within)}</td><td>${share(it.longer)}</td><td>${minutes(it.error)}</td><td>${minutes(it.waited)}</td></tr>`)}</tbody><//></section>`;
}
