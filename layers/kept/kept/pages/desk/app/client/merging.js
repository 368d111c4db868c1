/** Two records compared, and put together with all that hangs on them. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { parts } from "desk/client_merge";
import { pathOf, showClient } from "desk/client_store";
import { Drawer } from "desk/drawer";
import { icon } from "desk/icon";
import { Alerts, Skeleton, badge, fact } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { many, named, t } from "desk/words";

/** @typedef {import("../types").ClientRecord} ClientRecord */

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
