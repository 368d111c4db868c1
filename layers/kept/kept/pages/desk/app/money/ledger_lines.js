/** Lines of a ledger: what, how much, who, when and why; what was taken back is said to be. */

import { html } from "htm/preact";
import { money } from "desk/amounts";
import { time } from "desk/parts";
import { whoDid } from "desk/own_lines";
import { soon } from "desk/when";
import { many, named, t } from "desk/words";

/** @typedef {{id: string, what: string, at: string, day: string, by: string, client: string, appointment: string | null, minor: number, currency: string, means: string | null, why: string, reverses: string | null}} Line */

/** @param {Line} line */
export const sum = (line) => (line.currency === "points" ? many("money.points", line.minor) : money(line));

/** @param {{lines: Line[], whose?: (line: Line) => any, deed?: (line: Line) => any}} its `whose` is said first, where they are of several; `deed` is what can be done with one */
export function Lines({ lines, whose, deed }) {
  const gone = new Set(lines.map((line) => line.reverses));
  return html`<ol class="ledger">${lines.map((line) => html`<li key=${line.id} class=${gone.has(line.id) || line.reverses ? "is-gone" : ""}>
    ${whose?.(line)} <strong>${line.reverses ? t("money.back", { what: named("money_what", line.what) }) : named("money_what", line.what)}</strong> <span class="amount">${sum(line)}</span>${line.means && html` <span class="about">${named("means", line.means)}</span>`} ${gone.has(line.id) && html`<span class="about">${t("money.gone")}</span>`}<p class="about">${time(line.at, soon)} · ${whoDid(line.by)} ${line.why && html`· <span class="reason">${line.why}</span>`}</p>${!gone.has(line.id) && !line.reverses && deed?.(line)}</li>`)}</ol>`;
}
