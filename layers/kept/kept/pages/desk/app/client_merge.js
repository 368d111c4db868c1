/** Two records that may be one person: suggested, compared, put together with all that hangs on them, and parted again. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { pathOf, showClient } from "desk/client_store";
import { Drawer } from "desk/drawer";
import { icon } from "desk/icon";
import { now } from "desk/page";
import { Alerts, Skeleton, badge, fact } from "desk/parts";
import { explained } from "desk/refusals";
import { asking } from "desk/route";
import { say } from "desk/toasts";
import { soon } from "desk/when";
import { many, named, t } from "desk/words";

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
async function parts(id, other) {
  try {
    await post(`${pathOf(id)}/unmerge`, { other: other.id });
    say(t("did.unmerge", { name: other.name }));
  } catch (error) {
    say(explained(error), { wrong: true });
  }
  await showClient(id);
}

const ALONG = ["visits", "messages", "follow_ups", "notes", "consents", "money", "contacts"];

/** @param {{its: ClientRecord, other: string, onClose: () => void}} its_ */
export function MergeDrawer({ its, other, onClose }) {
  const found = useSignal(/** @type {{record: ClientRecord, along: any} | null} */ (null)), { refused: wrong, isBusy, acts } = useActing();
  useEffect(() => {
    found.value = null;
    wrong.value = "";
    Promise.all([get(pathOf(other)), post(`${pathOf(its.id)}/merge-preview`, { other })])
      .then(([record, along]) => (found.value = { record, along }), (error) => (wrong.value = explained(error)));
  }, [its.id, its.revision, other]);
  const merges = () => acts(async () => {
    if (!found.value) return;
    const { record } = found.value;
    try {
      await post(`${pathOf(its.id)}/merge`, { other, revision: its.revision, other_revision: record.revision });
      say(t("did.merge", { name: its.name, other: record.name }), { undo: () => parts(its.id, { id: other, name: record.name }) });
      onClose();
    } finally {
      await showClient(its.id);
    }
  });
  const it = found.value;
  return html`<${Drawer} title=${t("merge.title")} onClose=${onClose} wide=${true}>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${!it ? !wrong.value && html`<${Skeleton} rows=${5} />` : html`
      <div class="two">${[its, it.record].map((one, n) => html`<section key=${one.id} aria-label=${one.name}>
        <h3>${n ? t("merge.goes") : t("merge.stays")}</h3>
        <p><strong>${one.name}</strong> ${badge("tier", one.tier)}</p><${Alerts} alerts=${one.alerts} />
        <dl class="facts">${fact(named("field", "phone"), one.phone_written)} ${fact(named("field", "email"), one.email)} ${fact(named("field", "locale"), named("tongue", one.locale))}
          ${fact(named("field", "tags"), one.tags.join(", "))} ${fact(t("figures.title"), one.figures.booked ? t("figures.kept", { n: one.figures.kept, of: one.figures.booked }) : t("figures.none"))}</dl></section>`)}</div>
      <h3>${t("merge.along", { name: its.name })}</h3>
      <ul class="along">${ALONG.map((what) => html`<li key=${what}>${many(`along.${what}`, count(it.along[what]))}</li>`)}</ul>
      <p class="about">${t("merge.day", { name: its.name })}</p>
      <p class="deeds"><button type="button" class="main" disabled=${isBusy.value} onClick=${merges}>${icon("merge")} ${t("merge.do", { name: its.name })}</button>
        <a class="button" href="/desk/clients/${encodeURIComponent(other)}?merge=${encodeURIComponent(its.id)}">${t("merge.other_way", { name: it.record.name })}</a></p>`}
  <//>`;
}

/** How many of them, however they are told. @param {number | any[]} told */
const count = (told) => (Array.isArray(told) ? told.length : (told ?? 0));
