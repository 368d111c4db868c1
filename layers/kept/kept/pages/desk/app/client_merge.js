/** Two records that may be one person: suggested, and parted again. `client/merging.js` puts them together. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, post } from "desk/api";
import { pathOf, showClient } from "desk/client_store";
import { icon } from "desk/icon";
import { now } from "desk/page";
import { explained } from "desk/refusals";
import { asking } from "desk/route";
import { say } from "desk/toasts";
import { soon } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */
/** @typedef {{id: string, name: string, phone_written: string | null, email: string | null, why: string[]}} Like */

/** @param {{its: ClientRecord}} its */
export function Duplicates({ its }) {
  const likes = useSignal(/** @type {Like[]} */ ([]));
  useEffect(() => {
    likes.value = [];
    get(`${pathOf(its.id)}/duplicates`).then((found) => (likes.value = found), () => {}); // a suggestion; the page is whole without it
  }, [its.id, its.revision]);
  return html`<${Merged} its=${its} />
    ${likes.value.length > 0 && html`<ul class="likes" aria-label=${t("merge.suggested")}>${likes.value.map((it) => html`<li key=${it.id}>${icon("merge")}
      <span>${t("merge.may_be", { name: it.name, why: it.why.map((why) => named("alike", why)).join(", ") })} <span class="about">${[it.phone_written, it.email].filter(Boolean).join(" · ")}</span></span>
      <a class="button" href=${asking({ merge: it.id })}>${t("merge.compare")}</a></li>`)}</ul>`}`;
}

/** What is part of them: taken apart again for as long as that can be. @param {{its: ClientRecord}} its */
function Merged({ its }) {
  return html`${its.merged.map((one) => html`<p class="likes" key=${one.id}>${icon("merge")} ${Date.parse(one.undo_until) > now()
    ? html`<span>${t("merge.merged", { name: one.name, when: soon(one.undo_until) })}</span> <button type="button" class="button" onClick=${() => parts(its.id, one)}>${t("merge.part")}</button>`
    : html`<span>${t("merge.part_of", { name: one.name })} <span class="about">${one.contacts.join(" · ")}</span></span>`}</p>`)}`;
}

/** @param {string} id @param {{id: string, name: string}} other */
export async function parts(id, other) {
  try {
    await post(`${pathOf(id)}/unmerge`, { other: other.id });
    say(t("did.unmerge", { name: other.name }));
  } catch (error) {
    say(explained(error), { wrong: true });
  }
  await showClient(id);
}
