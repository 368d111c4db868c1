/** The history of settings: each save with who and when, what it changed, and the way to put it back. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, send } from "desk/api";
import { icon } from "desk/icon";
import { Empty, Failed, Skeleton, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { BUSINESS_PARTS } from "desk/settings/business_parts";
import { begin, called } from "desk/settings/form_state";
import { HOURS } from "desk/settings/hours";
import { PEOPLE, ROOMS } from "desk/settings/people";
import * as policy from "desk/settings/policy_words";
import { beginPolicy } from "desk/settings/promise";
import { SERVICE } from "desk/settings/services";
import { loadCatalog, pathOf, thingOf } from "desk/settings/settings_store";
import { shown } from "desk/settings/shown";
import { TERMS } from "desk/settings/terms";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {{key: string, kind: any, id: string, name: string, by: string, by_name: string, at: string, changed: {at: string, was: any, now: any}[], was: any, now: any, kept: boolean}} Change */
/** @typedef {{to: string, fields: any[]}} Form where it is set, and all that is set there */

/** @param {import("desk/settings/form").Group[]} groups @returns {any[]} */
const fieldsOf = (groups) => groups.flatMap((group) => group.fields);

/** @param {Change} it @returns {Form[]} */
function formsOf(it) {
  const id = encodeURIComponent(it.id);
  switch (it.kind) {
    case "services": return [{ to: `/desk/settings/services?open=${id}`, fields: [...fieldsOf(SERVICE), { at: "stages", as: "stages" }, { at: "visit_stages", as: "visit_stages" }] }];
    case "staff": return [{ to: `/desk/settings/hours?who=${id}`, fields: HOURS }, { to: `/desk/settings/people?open=${id}`, fields: fieldsOf(PEOPLE.groups()) }];
    case "rooms": return [{ to: `/desk/settings/rooms?open=${id}`, fields: fieldsOf(ROOMS.groups()) }];
    default: return [...Object.entries(BUSINESS_PARTS).map(([part, groups]) => ({ to: `/desk/settings/${part}`, fields: fieldsOf(groups) })), { to: "/desk/settings/reminders", fields: [{ at: "stages", as: "stages" }] }, { to: "/desk/settings/terms", fields: TERMS }];
  }
}

const KINDS = ["", "business", "services", "staff", "rooms", "texts", "follow_up_policy", "logo", "sign_ins"];

export function History() {
  const kind = address.value.searchParams.get("kind") ?? "";
  return html`<label class="part" for="past-kind">${t("past.of")}<select id="past-kind" value=${kind} onChange=${(/** @type {any} */ event) => go(asking({ kind: event.target.value || null }))}>${KINDS.map((it) => html`<option key=${it} value=${it}>${it ? named("past_kind", it) : t("past.all")}</option>`)}</select></label>
    <${Lines} key=${kind} kind=${kind} />`;
}

/** @param {{kind: string}} its */
function Lines({ kind }) {
  const changes = useSignal(/** @type {Change[] | null} */ (null)), next = useSignal(/** @type {string | null} */ (null)), wrong = useSignal("");
  const load = (before = "") => get(`/v1/desk/settings-history?${new URLSearchParams({ ...(kind && { kind }), ...(before && { before }) })}`).then((found) => {
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
  const what = ALONE.includes(it.kind) ? named("past_kind", it.kind) : `${named("past_kind", it.kind)}: ${it.kind === "texts" ? textName(it.id) : it.name}`;
  const act = actOf(it);
  return html`<li><p><strong>${what}</strong> · ${named("past_act", act)} · ${it.by_name || it.by} · ${time(it.at)}</p>
    ${it.changed.length > 0 && it.kind !== "logo" && html`<ul class="differences">${it.changed.map((one) => html`<li key=${one.at}>${nameOf(it, one.at)}: <del>${said(it, one.at, one.was)}</del> → <ins>${said(it, one.at, one.now)}</ins></li>`)}</ul>`}
    ${it.kind === "logo" && it.was && !it.kept && html`<p class="about">${t("past.logo_gone")}</p>`}
    ${it.kept && html`<button type="button" class="button" aria-label="${t("past.put_back")}: ${what}" onClick=${() => putBack(it, again)}>${icon("rotate-ccw")} ${t("past.put_back")}</button>`}</li>`;
}

/** Of which there is one. */
const ALONE = ["business", "follow_up_policy", "logo"];

/** @param {Change} it */
function actOf(it) {
  if (it.kind === "sign_ins") return !it.was ? "invited" : it.was.is_active !== it.now.is_active ? (it.now.is_active ? "let_in" : "stopped") : "changed";
  return !it.was ? "made" : !it.now ? "gone" : "changed";
}

/** @param {Change} it @param {string} at */
function nameOf(it, at) {
  switch (it.kind) {
    case "texts": return named("text_part", at);
    case "follow_up_policy": return policy.called(at);
    case "sign_ins": return named("past_sign_in", at);
    default: return called(it.kind, at);
  }
}

/** @param {string} id a language and a text */
const textName = (id) => `${named("stage", id.split("/")[1])}, ${named("tongue", id.split("/")[0])}`;

/** @param {Change} it @param {string} at @param {any} value */
function said(it, at, value) {
  if (it.kind === "follow_up_policy") return policy.said(at, value);
  if (it.kind === "sign_ins" && at === "role") return named("signs_role", value);
  if (it.kind === "sign_ins" && at === "staff") return shown(value, { as: "thing", kind: "staff" });
  const field = formsOf(it).flatMap((form) => form.fields).find((one) => one.at === at);
  if (at === "stages") return shown(value, { as: "stages" });
  return shown(value, field ?? { as: typeof value === "boolean" ? "yes" : "text" });
}

/** What was changed is typed into its form as it was, where it is seen whom that affects; what is gone is there again at once. @param {Change} it @param {() => unknown} again */
async function putBack(it, again) {
  if (it.kind === "follow_up_policy") return beginPolicy(it.was).then(() => go("/desk/settings/promise"), (error) => say(explained(error), { wrong: true }));
  const known = ["texts", "logo"].includes(it.kind) ? null : thingOf(it.kind, it.id), typed = Object.fromEntries(it.changed.map((one) => [one.at, one.was]));
  if (known && it.now) {
    const forms = formsOf(it).filter((form) => form.fields.some((field) => field.at in typed));
    for (const form of forms) begin(it.kind, it.kind === "business" ? "business" : it.id, form.fields, Object.fromEntries(Object.entries(typed).filter(([at]) => form.fields.some((field) => field.at === at))));
    if (forms[0]) return go(forms[0].to);
  }
  try {
    if (it.kind === "logo") await (it.was ? send("POST", "/v1/desk/business/logo/put-back", it.was) : send("DELETE", "/v1/desk/business/logo"));
    else await send("PUT", pathOf(it.kind, it.id), { ...it.was, revision: known?.revision ?? "" });
    await loadCatalog();
    say(t("settings.put_back", { what: it.kind === "logo" ? named("past_kind", "logo") : it.name }));
    again();
  } catch (error) {
    say(explained(error), { wrong: true });
  }
}
