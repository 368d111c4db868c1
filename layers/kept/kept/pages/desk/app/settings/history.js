/** The history of settings: each save with who and when, what it changed, and the way to put it back. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, send } from "desk/api";
import { icon } from "desk/icon";
import { Empty, Failed, Skeleton, time } from "desk/parts";
import { explained } from "desk/refusals";
import { go } from "desk/route";
import { BUSINESS_PARTS } from "desk/settings/business_parts";
import { begin, called } from "desk/settings/form_state";
import { HOURS } from "desk/settings/hours";
import { PEOPLE, ROOMS } from "desk/settings/people";
import { SERVICE } from "desk/settings/services";
import { loadCatalog, pathOf, thingOf } from "desk/settings/settings_store";
import { shown } from "desk/settings/shown";
import { TERMS } from "desk/settings/terms";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {{key: string, kind: any, id: string, name: string, by: string, by_name: string, at: string, changed: {at: string, was: any, now: any}[], was: any, now: any}} Change */
/** @typedef {{to: string, fields: any[]}} Form where it is set, and all that is set there */

/** @param {import("desk/settings/form").Group[]} groups @returns {any[]} */
const fieldsOf = (groups) => groups.flatMap((group) => group.fields);

/** @param {Change} it @returns {Form[]} */
function formsOf(it) {
  const id = encodeURIComponent(it.id);
  switch (it.kind) {
    case "services": return [{ to: `/desk/settings/services?open=${id}`, fields: [...fieldsOf(SERVICE), { at: "stages", as: "stages" }] }];
    case "staff": return [{ to: `/desk/settings/hours?who=${id}`, fields: HOURS }, { to: `/desk/settings/people?open=${id}`, fields: fieldsOf(PEOPLE.groups()) }];
    case "rooms": return [{ to: `/desk/settings/rooms?open=${id}`, fields: fieldsOf(ROOMS.groups()) }];
    default: return [...Object.entries(BUSINESS_PARTS).map(([part, groups]) => ({ to: `/desk/settings/${part}`, fields: fieldsOf(groups) })), { to: "/desk/settings/reminders", fields: [{ at: "stages", as: "stages" }] }, { to: "/desk/settings/terms", fields: TERMS }];
  }
}

export function History() {
  const changes = useSignal(/** @type {Change[] | null} */ (null)), next = useSignal(/** @type {string | null} */ (null)), wrong = useSignal("");
  const load = (before = "") => get(`/v1/desk/settings-history${before ? `?${new URLSearchParams({ before })}` : ""}`).then((found) => {
    changes.value = [...(before ? (changes.value ?? []) : []), ...found.changes];
    [next.value, wrong.value] = [found.next, ""];
  }, (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), []);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${() => load()} />`;
  if (!changes.value) return html`<${Skeleton} />`;
  if (!changes.value.length) return html`<${Empty} title=${t("past.none")} text=${t("past.none_text")} />`;
  return html`<ol class="ledger past">${changes.value.map((it) => html`<${Line} key=${it.key} it=${it} again=${load} />`)}</ol>
    ${next.value && html`<p><button type="button" class="button" onClick=${() => load(next.value ?? "")}>${t("past.more")}</button></p>`}`;
}

/** @param {{it: Change, again: () => unknown}} its */
function Line({ it, again }) {
  const what = it.kind === "business" ? named("past_kind", "business") : `${named("past_kind", it.kind)}: ${it.kind === "texts" ? textName(it.id) : it.name}`;
  const act = !it.was ? "made" : !it.now ? "gone" : "changed";
  return html`<li><p><strong>${what}</strong> · ${named("past_act", act)} · ${it.by_name || it.by} · ${time(it.at)}</p>
    ${it.changed.length > 0 && html`<ul class="differences">${it.changed.map((one) => html`<li key=${one.at}>${it.kind === "texts" ? named("text_part", one.at) : called(it.kind, one.at)}: <del>${said(it, one.at, one.was)}</del> → <ins>${said(it, one.at, one.now)}</ins></li>`)}</ul>`}
    ${it.was && html`<button type="button" class="button" aria-label="${t("past.put_back")}: ${what}" onClick=${() => putBack(it, again)}>${icon("rotate-ccw")} ${t("past.put_back")}</button>`}</li>`;
}

/** @param {string} id a language and a text */
const textName = (id) => `${named("stage", id.split("/")[1])}, ${named("tongue", id.split("/")[0])}`;

/** @param {Change} it @param {string} at @param {any} value */
function said(it, at, value) {
  const field = formsOf(it).flatMap((form) => form.fields).find((one) => one.at === at);
  if (at === "stages") return shown(value, { as: "stages" });
  return shown(value, field ?? { as: typeof value === "boolean" ? "yes" : "text" });
}

/** What was changed is typed into its form as it was, where it is seen whom that affects; what is gone is there again at once. @param {Change} it @param {() => unknown} again */
async function putBack(it, again) {
  const known = it.kind === "texts" ? null : thingOf(it.kind, it.id), typed = Object.fromEntries(it.changed.map((one) => [one.at, one.was]));
  if (known && it.now) {
    const forms = formsOf(it).filter((form) => form.fields.some((field) => field.at in typed));
    for (const form of forms) begin(it.kind, it.kind === "business" ? "business" : it.id, form.fields, Object.fromEntries(Object.entries(typed).filter(([at]) => form.fields.some((field) => field.at === at))));
    if (forms[0]) return go(forms[0].to);
  }
  try {
    await send("PUT", pathOf(it.kind, it.id), { ...it.was, revision: known?.revision ?? "" });
    await loadCatalog();
    say(t("settings.put_back", { what: it.name }));
    again();
  } catch (error) {
    say(explained(error), { wrong: true });
  }
}
