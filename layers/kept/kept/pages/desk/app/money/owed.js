/** What is owed for one visit, in its drawer; nothing where it never cost anything. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, post } from "desk/api";
import { pathOf } from "desk/client_store";
import { money } from "desk/amounts";
import { refresh } from "desk/day_store";
import { ACTS, Act } from "desk/money/act_form";
import { Deposit } from "desk/money/deposit";
import { Lines } from "desk/money/ledger_lines";
import { say } from "desk/toasts";
import { t } from "desk/words";

const WAIVE = ACTS.find((it) => it.is === "waivers");

/** @param {{visit: any, again: () => Promise<any>}} its `again` is done when something of it has changed */
export function Owed({ visit, again }) {
  const found = useSignal(/** @type {any} */ (null)), isWaiving = useSignal(false), { id, client } = visit;
  const load = () => get(`${pathOf(client)}/money/visits/${encodeURIComponent(id)}`).then((it) => (found.value = it), () => {}); // the drawer is whole without it
  useEffect(() => {
    found.value = null;
    void load();
  }, [id, visit.version, visit.status, visit.disputed?.state]);
  if (!found.value?.entries.length) return null;
  const { owed, entries, balance: { currency } } = found.value, balance = { ...found.value.balance, owed };
  /** @param {string} what @param {{minor: number, currency: string}} said */
  const write = async (what, said) => {
    await post(`${pathOf(client)}/money/${what}`, { ...said, appointment: id });
    isWaiving.value = false;
    say(t(`money_did.${what}`, { name: visit.client_name, amount: money(said) }));
    await load();
  };
  return html`${found.value.deposit && html`<${Deposit} visit=${visit} found=${found.value} again=${() => Promise.all([load(), refresh(), again()])} />`}<h3>${t("money.of_visit")}</h3><p><strong>${owed ? t("money.owed_for", { amount: money({ minor: owed, currency }) }) : t("money.nothing_owed")}</strong> <a href="/desk/clients/${encodeURIComponent(client)}">${t("money.to_client")}</a></p>
    ${WAIVE?.can(balance, entries) && html`<p class="deeds"><button type="button" class="button" id="visit-waive" aria-expanded=${isWaiving.value} onClick=${() => (isWaiving.value = !isWaiving.value)}>${t("money_act.waivers")}</button></p>`}
    ${isWaiving.value && html`<${Act} is="waivers" id=${client} balance=${balance} lines=${entries} write=${write} onClose=${() => (isWaiving.value = false)} />`}
    <${Lines} lines=${[...entries].reverse()} />`;
}
