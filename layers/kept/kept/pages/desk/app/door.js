/** What stands in for the desk where there is no sign-in, or it leads nowhere. */

import { html } from "htm/preact";
import { Languages } from "desk/languages";
import { signIn, signOut } from "desk/session";
import { t } from "desk/words";

/** @type {Record<string, () => void>} */
const WAYS = { sign_in: signIn, sign_out: signOut, today: () => location.assign("/desk"), again: () => location.reload() };
/** @type {Record<string, string>} */
const WAY_ON = { no_role: "sign_out", unknown: "today", unreachable: "again" };

/** @param {{trouble: string}} its */
export function Door({ trouble }) {
  const way = WAY_ON[trouble] ?? "sign_in";
  return html`<main id="main" class="door" tabindex="-1">
    <h1>${t(`trouble.${trouble}`)}</h1><p>${t(`trouble_text.${trouble}`)}</p>
    <p><button type="button" class="main" onClick=${WAYS[way]}>${t(`way.${way}`)}</button></p>
    <${Languages} />
  </main>`;
}
