/** A client's money: what they owe and have, how that came, and what staff do about it. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { me } from "desk/business";
import { pathOf } from "desk/client_store";
import { Act, ACTS } from "desk/money/act_form";
import { money } from "desk/amounts";
import { Lines, sum } from "desk/money/ledger_lines";
import { Failed, Skeleton, fact } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { today } from "desk/when";
import { t } from "desk/words";

/** @typedef {import("desk/money/ledger_lines").Line} Line */
/** @typedef {{currency: string, owed: number, overpaid: number, deposit_due: number, deposit: number, to_pay_back: number, credit: number, waives: number | null, points: number, points_buy: {points: number, minor: number, currency: string} | null}} Balance */

/** What is said of a client; all but the first only where there is any. @type {("owed" | "overpaid" | "deposit_due" | "deposit" | "to_pay_back" | "credit")[]} */
const SUMS = ["owed", "overpaid", "deposit_due", "deposit", "to_pay_back", "credit"];

/** @param {{its: {id: string, name: string}, onWritten?: () => void}} its */
export function Money({ its, onWritten }) {
  const { id, name } = its, path = `${pathOf(id)}/money`;
  const balance = useSignal(/** @type {Balance | null} */ (null)), lines = useSignal(/** @type {Line[]} */ ([])), next = useSignal(/** @type {string | null} */ (null));
  const wrong = useSignal(""), act = useSignal(/** @type {{is: string, line?: Line} | null} */ (null)), exchanging = useActing();
  /** @param {{balance: Balance, entries: Line[]}} found @param {boolean} [before] stands what was known before what was found? */
  const take = (found, before = false) => {
    balance.value = found.balance;
    const fresh = found.entries.filter((line) => !lines.value.some((it) => it.id === line.id));
    lines.value = before ? [...lines.value, ...fresh] : [...fresh, ...lines.value];
    wrong.value = "";
  };
  /** @param {string} [after] */
  const load = (after) => get(after ? `${path}?${new URLSearchParams({ after })}` : path).then((found) => {
    take(found, true);
    next.value = found.next;
  }, (error) => (wrong.value = explained(error)));
  useEffect(() => {
    [balance.value, lines.value, act.value] = [null, [], null];
    void load();
  }, [id]);
  /** @param {string} what @param {object} said */
  const write = async (what, said) => {
    const made = await post(`${path}/${what}`, said);
    take(made);
    act.value = null;
    onWritten?.();
    const [line] = made.entries, all = made.entries.reduce((/** @type {number} */ before, /** @type {Line} */ it) => before + (it.currency === line.currency ? it.minor : 0), 0), undo = what !== "corrections" && mayTakeBack(line) ? () => takeBack(line) : undefined;
    say(t(`money_did.${what}`, { name, amount: sum({ ...line, minor: all }) }), { undo });
  };
  /** @param {Line} line */
  const takeBack = (line) => write("corrections", { entry: line.id, reason: "mistake" }).catch((error) => say(explained(error), { wrong: true }));
  const it = balance.value, buy = it?.points_buy;
  return html`<section aria-labelledby="money-title"><h2 id="money-title">${t("money.title")}</h2>
    ${!it ? wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : html`<${Skeleton} rows=${2} />` : html`
    <dl class="facts">${SUMS.map((of) => fact(t(`money_of.${of}`), of === "owed" || it[of] ? money({ minor: it[of], currency: it.currency }) : null))}
      ${(it.points > 0 || buy) && fact(t("money_of.points"), html`${it.points} ${buy && html`<span class="about" id="points-buy">${t("money.points_buy", { points: buy.points, amount: money(buy) })}</span>`}`)}</dl>
    <p class="deeds">${ACTS.filter((one) => one.can(it, lines.value)).map((one, n) => html`<button type="button" key=${one.is} class=${n === 0 && it.owed ? "main" : "button"} id="money-${one.is}" aria-expanded=${act.value?.is === one.is} onClick=${() => (act.value = act.value?.is === one.is ? null : { is: one.is })}>${t(`money_act.${one.is}`)}</button>`)}
      ${buy && it.points >= buy.points && html`<button type="button" class="button" id="money-points" disabled=${exchanging.isBusy.value} onClick=${() => exchanging.acts(() => write("points", buy))}>${t("money.exchange", { points: buy.points, amount: money(buy) })}</button>`}</p>
    ${exchanging.refused.value && html`<p class="wrong" role="alert">${exchanging.refused.value}</p>`}
    ${act.value && html`<${Act} key=${`${act.value.is} ${act.value.line?.id}`} ...${act.value} id=${id} balance=${it} lines=${lines.value} write=${write} onClose=${() => (act.value = null)} />`}
    ${lines.value.length === 0 ? html`<p class="about">${t("money.none")}</p>` : html`<${Lines} lines=${lines.value} deed=${(/** @type {Line} */ line) => mayTakeBack(line) && html`<button type="button" class="plain" onClick=${() => (act.value = { is: "corrections", line })}>${t("money.take_back")}</button>`} />`}
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${next.value && html`<p><button type="button" class="button" onClick=${() => load(next.value ?? "")}>${t("money.more")}</button></p>`}`}
  </section>`;
}

/** What follows from a visit or its card is not taken back by hand. */
const NOT_BY_HAND = ["deposit_asked", "kept", "forfeited", "returned"];
/** Whoever leads all; others what they recorded as paid today. @param {Line} line */
const mayTakeBack = (line) => !line.reverses && !NOT_BY_HAND.includes(line.what) && line.means !== "stripe" && (me.value?.leads || (line.what === "paid" && line.by === `staff:${me.value?.staff}` && line.day === today()));
