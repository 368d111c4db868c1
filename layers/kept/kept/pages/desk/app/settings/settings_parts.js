/** What pages of settings share that are no form of the catalog: the way back to the list, and the zones there are. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { t } from "desk/words";

/** @param {{href: string}} its */
export const Back = ({ href }) => html`<p class="back"><a href=${href}>${icon("chevron-left")} ${t("settings.back")}</a></p>`;

/** What a field for a zone offers. */
export const Zones = () => html`<datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist>`;
