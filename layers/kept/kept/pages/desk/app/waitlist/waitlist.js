/** Who waits for time to come free, in which order and why, and what they are offered. */

import { html } from "htm/preact";
import { WaitingTabs } from "desk/waitlist/tabs";
import { t } from "desk/words";

export function Waitlist() {
  return html`<${WaitingTabs} here="/desk/waitlist" /><h1>${t("rail.waitlist")}</h1>`;
}
