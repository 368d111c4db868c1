/** The deposit of one visit, in its drawer: how it stands, received, handed back and let off. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { post } from "desk/api";
import { pathOf } from "desk/client_store";
import { minorOf, money, typed } from "desk/amounts";
import { useActing } from "desk/acting";
import { DEPOSIT_ACTS, choice } from "desk/money/act_form";
import { say } from "desk/toasts";
import { explained } from "desk/refusals";
import { moment } from "desk/when";
import { named, t } from "desk/words";

const STANDS = /** @type {const} */ (["due", "held", "to_pay_back", "lost"]);

/** @param {{visit: any, found: any, again: () => Promise<any>}} its */
export function Deposit({ visit, found, again }) {
  const act = useSignal(""), { deposit, balance } = found, { currency } = balance;
  /** @param {string} what @param {object} said */
  const write = async (what, said) => {
    const made = await post(`${pathOf(visit.client)}/money/${what}`, said), [line] = made.entries;
    act.value = "";
    /** What was recorded by mistake is waited for, or to be handed back, again. */
    const back = () => post(`${pathOf(visit.client)}/money/corrections`, { entry: line.id, reason: "mistake" }).then(again, (error) => say(explained(error), { wrong: true }));
    say(t(`money_did.${what}`, { name: visit.client_name, amount: money(line) }), { undo: what === "deposit-waivers" ? undefined : back });
    await again();
  };
  return html`<h3>${t("deposit.title")}</h3>
    <ul class="plain-list">${STANDS.filter((it) => deposit[it] > 0).map((it) => html`<li key=${it}><strong>${t(`deposit.${it}`, { amount: money({ minor: deposit[it], currency }), when: visit.deposit?.pay_until ? moment(visit.deposit.pay_until) : "" })}</strong></li>`)}
      ${STANDS.every((it) => !deposit[it]) && html`<li>${t("deposit.over")}</li>`}</ul>
    <p class="deeds">${DEPOSIT_ACTS.filter((one) => one.can(deposit)).map((one, n) => html`<button type="button" key=${one.is} class=${n === 0 && one.is !== "deposit-waivers" ? "main" : "button"} id="money-${one.is}" aria-expanded=${act.value === one.is} onClick=${() => (act.value = act.value === one.is ? "" : one.is)}>${t(`money_act.${one.is}${one.is === "deposit-waivers" && deposit.due ? "-due" : ""}`)}</button>`)}</p>
    ${act.value && html`<${DepositAct} key=${act.value} is=${act.value} visit=${visit} deposit=${deposit} balance=${balance} write=${write} onClose=${() => (act.value = "")} />`}`;
}

/** @param {{is: string, visit: any, deposit: any, balance: any, write: (what: string, said: object) => Promise<void>, onClose: () => void}} its */
function DepositAct({ is, visit, deposit, balance, write, onClose }) {
  const act = DEPOSIT_ACTS.find((it) => it.is === is) ?? DEPOSIT_ACTS[0], { currency } = balance, ways = act.means?.(balance) ?? [];
  const amount = useSignal(typed({ minor: act.most(deposit), currency })), means = useSignal(ways[0] ?? ""), why = useSignal(act.why?.[0] ?? ""), { refused, isBusy, acts } = useActing();
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault();
    void acts(() => write(is, { appointment: visit.id, ...(act.means ? { minor: minorOf(amount.value, currency), currency, means: means.value } : { reason: why.value }) }));
  };
  return html`<form class="money-act" onSubmit=${send} aria-label=${t(`money_act.${is}`)}>
    ${act.means && html`<div class="field"><label for="deposit-amount">${t("money.amount")}</label><span class="with-unit"><input id="deposit-amount" type="number" inputmode="decimal" min="0" step="any" required value=${amount.value} onInput=${(/** @type {any} */ event) => (amount.value = event.target.value)} /><span>${currency}</span></span></div>
      ${choice("deposit-means", t("money.means"), ways, means.value, (it) => named("means", it), (it) => (means.value = it))}`}
    ${act.why && choice("deposit-why", t("money.why"), act.why, why.value, (it) => named("money_why", it), (it) => (why.value = it))}
    <p class="about">${t(`deposit_does.${is}${is === "deposit-waivers" && deposit.due ? "-due" : ""}`)}</p>
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    <p class="deeds"><button class="main" disabled=${isBusy.value}>${t(`money_do.${is}`)}</button> <button type="button" class="button" onClick=${onClose}>${t("money.leave")}</button></p>
  </form>`;
}
