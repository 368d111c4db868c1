/** Booking at the desk with a deposit, without one and why, or by the rules. */

import { html } from "htm/preact";
import { money } from "desk/amounts";
import { choice } from "desk/money/act_form";
import { named, t } from "desk/words";

/** @typedef {{deposit?: boolean, no_deposit_because?: string}} Said */
const WHY = ["goodwill", "our_fault", "emergency"];

/** @param {{service: any, said: Said, set: (said: Said) => void}} its */
export function DepositChoice({ service, said, set }) {
  const sum = service?.deposit ?? service?.deposit_by_standing;
  if (!sum) return null;
  const chosen = said.deposit === undefined ? "rules" : said.deposit ? "with" : "without";
  /** @param {string} it */
  const choose = (it) => set(it === "rules" ? {} : it === "with" ? { deposit: true } : { deposit: false, no_deposit_because: WHY[0] });
  return html`${choice("book-deposit", t("deposit.title"), ["rules", "with", "without"], chosen, (it) => t(`book_deposit.${it}`, { amount: money(sum) }), choose)}
    ${chosen === "without" && choice("book-no-deposit", t("money.why"), WHY, said.no_deposit_because ?? WHY[0], (it) => named("money_why", it), (it) => set({ deposit: false, no_deposit_because: it }))}
    ${chosen !== "without" && html`<p class="about">${t(service.deposit ? "book_deposit.asks" : "book_deposit.by_standing", { amount: money(sum) })}</p>`}`;
}
