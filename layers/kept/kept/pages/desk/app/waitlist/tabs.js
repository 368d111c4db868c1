/** The two ways to wait: for a time to come free, and here at the house. */

import { html } from "htm/preact";
import { t } from "desk/words";

const VIEWS = [{ href: "/desk/waitlist", says: "rail.waitlist" }, { href: "/desk/queue", says: "queue.title" }];

/** @param {{here: string}} its the address of the one that is shown */
export function WaitingTabs({ here }) {
  return html`<nav class="tabs" aria-label=${t("rail.waitlist")}>${VIEWS.map((it) => html`<a key=${it.href} class="chip-link" href=${it.href} aria-current=${it.href === here ? "true" : undefined}>${t(it.says)}</a>`)}</nav>`;
}
