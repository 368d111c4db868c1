/** Something to be taken along from here: a field that cannot be changed, and a button that copies it. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Field } from "desk/parts";
import { t } from "desk/words";

/** @param {{id: string, label: string, value: string, hint?: string, rows?: number, children?: any}} its `children` stand beside the button */
export function Copyable({ id, label, value, hint, rows = 1, children }) {
  const isCopied = useSignal(false), described = hint ? `${id}-hint` : undefined;
  /** Where a browser lets no page write there, it is chosen to be copied by hand. */
  const copy = async () => {
    /** @type {HTMLInputElement} */ (document.getElementById(id)).select();
    isCopied.value = await navigator.clipboard?.writeText(value).then(() => true, () => false) ?? false;
  };
  return html`<${Field} label=${label} name=${id} hint=${hint}>
      ${rows > 1 ? html`<textarea id=${id} class="code" readonly rows=${rows} value=${value} aria-describedby=${described}></textarea>` : html`<input id=${id} readonly value=${value} aria-describedby=${described} />`}<//>
    <p class="deeds"><button type="button" class="button" onClick=${copy}>${t("copy.do")}<span class="unseen"> ${label}</span></button>${children}</p>
    <p role="status">${isCopied.value ? t("copy.done") : ""}</p>`;
}
