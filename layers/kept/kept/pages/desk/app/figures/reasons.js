/** Why clients cancelled: of all, by who or what the figures are split by, and as time went; and who was won back. */

import { html } from "htm/preact";
import { called, count, days, percent } from "desk/figures/said";
import { found } from "desk/figures/asked";
import { Table } from "desk/figures/table";
import { named, sentences, t } from "desk/words";

/** @typedef {(it: Partial<import("desk/figures/behind").Wanted> & {figure: string}) => void} Open */

/** Of these a cancelled visit has its place in a table. */
const SPLIT = ["staff", "service", "channel", "source", "tier"];

/** @param {{open: Open}} its */
export function Reasons({ open }) {
  const { total, members, group, by, periods } = found.value, whole = total.said_why.whole, reasons = Object.keys(total.reasons);
  const ordered = [...reasons].sort((one, other) => total.reasons[other].part - total.reasons[one].part);
  /** @param {any} numbers @param {string} whose @param {object} more */
  const cells = (numbers, whose, more) => reasons.map((it) => html`<td key=${it}><${Counted} n=${numbers.reasons[it].part} said="${whose}, ${named("cancelled_for", it)}" open=${() => open({ figure: `reason_${it}`, of: whose, ...more })} /></td>`);
  const head = (/** @type {string} */ first) => html`<thead><tr><th scope="col">${first}</th>${reasons.map((it) => html`<th key=${it} scope="col">${named("cancelled_for", it)}</th>`)}</tr></thead>`;
  const cancelling = (/** @type {any[]} */ some) => some.filter((it) => it.numbers.said_why.whole);
  return html`<section class="figure-box wide"><h2 id="figures-reasons">${t("figures_more.reasons")}</h2>
    ${!whole ? html`<p class="about">${t("figures_more.nobody_cancelled")}</p>` : html`
      <p class="about">${sentences(t("figures_more.said_why", { part: count(total.said_why.part), whole: count(whole) }), t("figures_more.won_back", { part: count(total.won_back.part), whole: count(total.won_back.whole) }))}</p>
      <ul class="reasons">${ordered.map((it) => html`<li key=${it}><${Counted} n=${total.reasons[it].part} said=${named("cancelled_for", it)} open=${() => open({ figure: `reason_${it}` })} /><span>${named("cancelled_for", it)} <span class="about">${percent(total.reasons[it].ratio)}, ${t("figures.of", { part: count(total.reasons[it].part), whole: count(whole) })}</span></span></li>`)}</ul>
      ${SPLIT.includes(group) && html`<div class="sideways" role="region" aria-labelledby="figures-reasons" tabindex="0"><table>${head(named("figures_each", group))}
        <tbody>${cancelling(members).map((it) => html`<tr key=${it.id}><th scope="row">${called(group, it)}</th>${cells(it.numbers, called(group, it), { group, member: it.id })}</tr>`)}</tbody></table></div>`}
      <${Table} name=${t("figures_more.reasons")}>${head(named("figures_each", by))}<tbody>${cancelling(periods).map((it) => html`<tr key=${it.first_day}><th scope="row">${days(it)}</th>${cells(it.numbers, days(it), { from: it.first_day, to: it.last_day })}</tr>`)}</tbody><//>`}</section>`;
}

/** How many, and the way to their list. @param {{n: number, said: string, open: () => void}} its */
export const Counted = ({ n, said, open }) => (n ? html`<button type="button" class="plain" aria-label="${said}: ${count(n)}. ${t("figures.show_list")}" onClick=${open}>${count(n)}</button>` : html`<span class="none">0</span>`);
