/** What is owed for one visit, in its drawer; nothing where it never cost anything. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { pathOf } from "desk/client_store";
import { money } from "desk/amounts";
import { Lines } from "desk/money/ledger_lines";
import { t } from "desk/words";

/** @param {{visit: {id: string, client: string, version: number, status: string}}} its */
export function Owed({ visit }) {
  const found = useSignal(/** @type {any} */ (null)), { id, client } = visit;
  useEffect(() => {
    found.value = null;
    get(`${pathOf(client)}/money/visits/${encodeURIComponent(id)}`).then((it) => (found.value = it), () => {}); // the drawer is whole without it
  }, [id, visit.version, visit.status]);
  if (!found.value?.entries.length) return null;
  const { owed, balance: { currency } } = found.value;
  return html`<h3>${t("money.of_visit")}</h3><p><strong>${owed ? t("money.owed_for", { amount: money({ minor: owed, currency }) }) : t("money.nothing_owed")}</strong> <a href="/desk/clients/${encodeURIComponent(client)}">${t("money.to_client")}</a></p><${Lines} lines=${[...found.value.entries].reverse()} />`;
}
