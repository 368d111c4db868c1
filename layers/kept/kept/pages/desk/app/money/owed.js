/** What is owed for one visit, in its drawer; nothing where it never cost anything. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { pathOf } from "desk/client_store";
import { money } from "desk/amounts";
import { refresh } from "desk/day_store";
import { Deposit } from "desk/money/deposit";
import { Lines } from "desk/money/ledger_lines";
import { t } from "desk/words";

/** @param {{visit: any, again: () => Promise<any>}} its `again` is done when something of it has changed */
export function Owed({ visit, again }) {
  const found = useSignal(/** @type {any} */ (null)), { id, client } = visit;
  const load = () => get(`${pathOf(client)}/money/visits/${encodeURIComponent(id)}`).then((it) => (found.value = it), () => {}); // the drawer is whole without it
  useEffect(() => {
    found.value = null;
    void load();
  }, [id, visit.version, visit.status]);
  if (!found.value?.entries.length) return null;
  const { owed, balance: { currency } } = found.value;
  return html`${found.value.deposit && html`<${Deposit} visit=${visit} found=${found.value} again=${() => Promise.all([load(), refresh(), again()])} />`}<h3>${t("money.of_visit")}</h3><p><strong>${owed ? t("money.owed_for", { amount: money({ minor: owed, currency }) }) : t("money.nothing_owed")}</strong> <a href="/desk/clients/${encodeURIComponent(client)}">${t("money.to_client")}</a></p><${Lines} lines=${[...found.value.entries].reverse()} />`;
}
