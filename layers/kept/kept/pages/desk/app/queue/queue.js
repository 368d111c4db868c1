/** Who waits here, in which order and for how long. */

import { html } from "htm/preact";
import { WaitingTabs } from "desk/waitlist/tabs";
import { t } from "desk/words";

export function Queue() {
  return html`<${WaitingTabs} here="/desk/queue" /><h1>${t("queue.title")}</h1>`;
}
