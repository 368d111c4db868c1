/** The picture beside the business's name on its booking page: shown, chosen, and taken away. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, send } from "desk/api";
import { Empty, Failed, Field, Skeleton } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { t } from "desk/words";

const API = "/v1/desk/business/logo", KINDS = "image/png,image/jpeg,image/webp";
const MOST = 200 * 1024; // bytes

/** @param {Blob} file @returns {Promise<string>} its bytes as base64 */
async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function Logo() {
  const address = useSignal(/** @type {string | null} */ (null)), wrong = useSignal(""), { refused, isBusy, acts } = useActing();
  const load = () => get(API).then((found) => ([address.value, wrong.value] = [found.address, ""]), (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), []);
  /** @param {() => Promise<any>} act @param {string} did @param {() => Promise<any>} undo */
  const does = (act, did, undo) => acts(async () => {
    address.value = (await act()).address;
    say(did, { undo: () => undo().then((found) => void (address.value = found.address), (error) => say(explained(error), { wrong: true })) });
  });
  /** As it is now, to be put back. @returns {Promise<() => Promise<any>>} */
  const before = async () => {
    if (!address.value) return () => send("DELETE", API);
    const content = await fetch(address.value).then((it) => it.blob()).then(encoded);
    return () => send("PUT", API, { content });
  };
  /** @param {any} event */
  const choose = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    if (file.size > MOST) return void (refused.value = t("logo.too_large"));
    const content = await encoded(file);
    await does(() => send("PUT", API, { content }), t("logo.did"), await before());
    event.target.value = "";
  };
  const remove = async () => does(() => send("DELETE", API), t("logo.did_remove"), await before());
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (address.value === null) return html`<${Skeleton} rows=${3} />`;
  return html`${address.value ? html`<p><img src=${address.value} alt=${t("logo.now")} height="80" /></p>` : html`<${Empty} title=${t("logo.none")} />`}
    <${Field} label=${t("logo.choose")} name="logo-file" hint=${t("logo.kinds")} problem=${refused.value}><input id="logo-file" type="file" accept=${KINDS} disabled=${isBusy.value} aria-describedby="logo-file-hint" onChange=${choose} /><//>
    ${address.value && html`<p class="deeds"><button type="button" class="button" disabled=${isBusy.value} onClick=${remove}>${t("logo.remove")}</button></p>`}`;
}
