/** Money of these days as the ledger has it: fees, what was let off and paid, and deposits; each with its causes and its list. */

import { html } from "htm/preact";
import { money } from "desk/amounts";
import { found } from "desk/figures/asked";
import { Counted } from "desk/figures/reasons";
import { count, days, points } from "desk/figures/said";
import { named, t } from "desk/words";

/** What of it is told of what, and under which name the share of both is. @type {[string, string | null, string | null][]} */
const KINDS = [
  ["fee", null, null], ["waived", "fee", "fees_waived"], ["paid", "fee", "fees_paid"], ["refunded", null, null], ["credited", null, null],
  ["deposit_asked", null, null], ["deposit_paid", "deposit_asked", "deposits_paid"], ["deposit_kept", "deposit_paid", "deposits_kept"], ["deposit_forfeited", "deposit_paid", "deposits_forfeited"], ["deposit_refunded", "deposit_paid", "deposits_refunded"],
];
const ALWAYS = ["fee", "waived", "paid"];

/** @param {{open: import("desk/figures/reasons").Open}} its */
export function MoneyOfDays({ open }) {
  const { total, before, currency, change, too_few: few } = found.value, sum = (/** @type {any} */ it) => money({ minor: it.minor, currency });
  const kinds = KINDS.filter(([it]) => ALWAYS.includes(it) || total.money[it].count || before.numbers.money[it].count);
  if (!kinds.some(([it]) => total.money[it].count || before.numbers.money[it].count)) return html`<section class="figure-box wide"><h2>${t("figures_more.money")}</h2><p class="about">${t("figures_more.no_money")}</p></section>`;
  /** @param {string} it @param {string | null} of @param {string | null} share */
  const beside = (it, of, share) => {
    const was = before.numbers.money[it], told = [of && t("figures_more.of_money", { count: count(total.money[of].count), what: named("money_of_days", of), sum: sum(total.money[of]) })];
    if (share && total[share].whole && before.numbers[share].whole) told.push(change[share] === null ? t("figures.too_few", { n: count(Math.min(total[share].whole, before.numbers[share].whole)), few: count(few) }) : t("figures.points", { points: points(change[share]), days: days(before) }));
    else if (was.count) told.push(t("figures.was", { value: sum(was), days: days(before) }));
    return told.filter(Boolean).join(" · ");
  };
  return html`<section class="figure-box wide"><h2 id="figures-money">${t("figures_more.money")}</h2><p class="about">${t("figures_more.money_about")}</p>
    <div class="sideways" role="region" aria-labelledby="figures-money" tabindex="0"><table>
      <thead><tr><th scope="col">${t("figures_more.what")}</th><th scope="col">${t("figures_more.how_often")}</th><th scope="col">${t("figures_more.sum")}</th><th scope="col">${t("figures_more.causes")}</th></tr></thead>
      <tbody>${kinds.map(([it, of, share]) => html`<tr key=${it}><th scope="row">${named("money_of_days", it)}</th>
        <td><${Counted} n=${total.money[it].count} said=${named("money_of_days", it)} open=${() => open({ figure: it })} /></td>
        <td>${sum(total.money[it])}<small>${beside(it, of, share)}</small></td>
        <td>${Object.entries(total.money[it].causes).map(([cause, part]) => html`<small key=${cause}>${because(cause)}: ${count(part.count)}, ${sum(part)}</small>`)}</td></tr>`)}</tbody></table></div>
    ${total.other_currencies > 0 && html`<p class="about">${t("figures_more.other_currencies", { n: count(total.other_currencies) })}</p>`}</section>`;
}

/** Why a fee was charged or let off, or by what something was paid. @param {string} cause */
export const because = (cause) => (!cause ? t("figures_more.no_cause") : cause.startsWith("fee_") ? named("cause", cause) : cause.startsWith("money_") ? named("money_why", cause.slice(6)) : cause === "waiting_made_good" ? t("figures_more.waiting_made_good") : named("means", cause));
