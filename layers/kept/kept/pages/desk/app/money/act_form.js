/** One act of money: how much, of which fee, by which means and why, with what will be owed after it. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { done, draft } from "desk/drafts";
import { minorOf, money, typed } from "desk/amounts";
import { useActing } from "desk/acting";
import { dayShort } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("desk/money/ledger_lines").Line} Line */
/** @typedef {import("desk/money/money").Balance} Balance */

const WHY = ["emergency", "our_fault", "goodwill"];
const BY_HAND = ["cash", "terminal", "transfer"];

/** Those of a kind that were not taken back. @param {Line[]} lines @param {string} what */
const standing = (lines, what) => lines.filter((it) => it.what === what && !it.reverses && !lines.some((other) => other.reverses === it.id));

/** @typedef {{due: number, held: number, lost: number, to_pay_back: number, payable: Record<string, number>}} Deposit */
/** What can be done about one visit's deposit. @type {{is: string, can: (it: Deposit) => boolean, means?: (it: Balance) => string[], why?: string[], most: (it: Deposit) => number}[]} */
export const DEPOSIT_ACTS = [
  { is: "deposits", can: (it) => it.due > 0, means: (it) => [...BY_HAND, ...(it.credit > 0 ? ["credit"] : [])], most: (it) => it.due },
  { is: "deposit-returns", can: (it) => it.to_pay_back > 0, means: () => [...BY_HAND, "credit"], most: (it) => it.to_pay_back },
  { is: "deposit-waivers", can: (it) => it.due > 0 || it.lost > 0, why: WHY, most: (it) => it.due || it.lost },
];

/** @typedef {{is: string, can: (it: Balance, lines: Line[]) => boolean, of?: boolean, means?: string[], why?: string[], most: (it: Balance) => number}} Kind */
/** What can be done, by the end of its address; `most` is how much it begins with. @type {Kind[]} */
export const ACTS = [
  { is: "payments", can: (it) => it.owed > 0, means: BY_HAND, most: (it) => it.owed },
  { is: "waivers", can: (it, lines) => it.owed > 0 && it.waives !== 0 && standing(lines, "fee").length > 0, of: true, why: WHY, most: (it) => Math.min(it.owed, it.waives ?? it.owed) },
  { is: "refunds", can: (it, lines) => it.waives !== 0 && standing(lines, "paid").length > 0 && lines.some((line) => line.what === "fee"), of: true, means: [...BY_HAND, "credit"], why: WHY, most: (it) => it.overpaid },
  { is: "credits", can: (it) => it.waives !== 0, why: WHY, most: () => 0 },
];
/** @type {Kind} */
const CORRECTION = { is: "corrections", can: () => true, why: ["mistake", ...WHY], most: () => 0 };

/** @param {{is: string, id: string, line?: Line, balance: Balance, lines: Line[], write: (what: string, said: object) => Promise<void>, onClose: () => void}} its */
export function Act({ is, id, line, balance, lines, write, onClose }) {
  const act = [...ACTS, CORRECTION].find((it) => it.is === is) ?? CORRECTION, { currency } = balance, most = act.most(balance);
  const name = `money.${id}.${is}.${line?.id ?? ""}`, form = draft(name, { amount: most ? typed({ minor: most, currency }) : "", of: "", means: "cash", why: act.why?.[0] ?? "" });
  const { refused, isBusy, acts } = useActing(), first = useRef(/** @type {HTMLElement | null} */ (null)), problem = useSignal("");
  useLayoutEffect(() => first.current?.querySelector("input")?.focus(), []);
  const fees = standing(lines, "fee"), about = fees.length ? fees : lines.filter((it) => it.what === "fee" && !it.reverses), { amount, of, means, why } = form.value, minor = minorOf(amount, currency);
  /** @param {Record<string, string>} some */
  const set = (some) => (form.value = { ...form.value, ...some });
  const ways = is === "payments" && balance.credit > 0 ? [...BY_HAND, "credit"] : act.means;
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault();
    if (!line && !(minor > 0)) return void (problem.value = t("money.no_amount"));
    const visit = act.of && (about.find((it) => it.appointment === of) ?? about[0])?.appointment;
    void acts(async () => {
      await write(is, line ? { entry: line.id, reason: why } : { minor, currency, ...(visit && { appointment: visit }), ...(ways && { means }), ...(act.why && { reason: why }) });
      done(name);
    });
  };
  return html`<form class="money-act" ref=${first} onSubmit=${send} aria-label=${t(`money_act.${is}`)}>
    ${line ? html`<p>${t("money.takes_back", { what: named("money_what", line.what), amount: money(line) })}</p>` : html`<div class=${problem.value ? "field bad" : "field"}><label for="money-amount">${t("money.amount")}</label>
      ${problem.value && html`<span class="problem" id="money-problem" role="alert">${problem.value}</span>`}
      <span class="with-unit"><input id="money-amount" type="number" inputmode="decimal" min="0" step="any" required value=${amount} aria-describedby=${problem.value ? "money-problem" : undefined} onInput=${(/** @type {any} */ event) => set({ amount: event.target.value })} /><span>${currency}</span></span></div>`}
    ${act.of && about.length > 1 && html`<div class="field"><label for="money-of">${t("money.for")}</label><select id="money-of" value=${of} onChange=${(/** @type {any} */ event) => set({ of: event.target.value })}>
      ${about.map((it) => html`<option key=${it.id} value=${it.appointment}>${t("money.fee_of", { why: it.why, day: dayShort(it.day), amount: money(it) })}</option>`)}</select></div>`}
    ${ways && choice("means", t("money.means"), ways, means, (it) => named("means", it), (it) => set({ means: it }))}
    ${act.why && choice("money-why", t("money.why"), act.why, why, (it) => named("money_why", it), (it) => set({ why: it }))}
    ${["payments", "waivers"].includes(is) && minor > 0 && minor <= balance.owed && html`<p class="about">${t("money.after", { owed: money({ minor: balance.owed - minor, currency }) })}</p>`}
    ${!line && act.why && balance.waives !== null && html`<p class="about">${t("money.limit", { amount: money({ minor: balance.waives, currency }) })}</p>`}
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    <p class="deeds"><button class="main" disabled=${isBusy.value}>${t(`money_do.${is}`)}</button> <button type="button" class="button" onClick=${onClose}>${t("money.leave")}</button></p>
  </form>`;
}

/** @param {string} name @param {string} legend @param {string[]} among @param {string} chosen @param {(it: string) => string} said @param {(it: string) => void} choose */
export const choice = (name, legend, among, chosen, said, choose) => html`<fieldset class="field"><legend>${legend}</legend><div class="chips">${among.map((it) => html`<label class="chip" key=${it}>
  <input type="radio" name=${name} value=${it} checked=${it === chosen} onChange=${() => choose(it)} /><span>${said(it)}</span></label>`)}</div></fieldset>`;
