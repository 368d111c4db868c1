/** What pages of settings share that are no form of the catalog: an act that may be refused, and the way back to the list. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { icon } from "desk/icon";
import { explained } from "desk/refusals";
import { t } from "desk/words";

/** One act at a time; why the last one was refused stands until the next. */
export function useActing() {
  const refused = useSignal(""), isBusy = useSignal(false);
  /** @param {() => Promise<void>} act */
  const acts = async (act) => {
    if (isBusy.value) return;
    [isBusy.value, refused.value] = [true, ""];
    try {
      await act();
    } catch (error) {
      refused.value = explained(error);
    } finally {
      isBusy.value = false;
    }
  };
  return { refused, isBusy, acts };
}

/** @param {{href: string}} its */
export const Back = ({ href }) => html`<p class="back"><a href=${href}>${icon("chevron-left")} ${t("settings.back")}</a></p>`;

/** What a field for a zone offers. */
export const Zones = () => html`<datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist>`;
