/** What is promised about follow-ups: how soon who is answered, who is reminded and told, and what another promise would do. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Problem, get, post, send } from "desk/api";
import { same } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { Failed, Skeleton, atCtrlEnter } from "desk/parts";
import { explained } from "desk/refusals";
import { unitOf } from "desk/settings/shown";
import { say } from "desk/toasts";
import { many, named, t } from "desk/words";

/** @typedef {Record<string, any>} Policy as it is sent */

const OWN = "settings.promise", RESTS = 500;
const TIERS = ["", "vip", "regular", "prospect"], PRIORITIES = ["", "urgent", "normal", "low"];
const CAUSES = ["", "no_show", "unread_reply", "complaint", "missed_call", "enquiry", "failed_message", "declined_recall", "form", "manual", "attendance_question", "call", "call_later", "not_told", "said_stop", "wrong_number", "time_taken"];
const TARGETS = ["first_response", "next_response", "resolution"];
const EFFECTS = ["breaches_now", "relieved", "sooner", "later", "added", "dropped"];

export function FollowUpPromise() {
  const now = useSignal(/** @type {{number: number, policy: Policy} | null} */ (null)), failed = useSignal("");
  const load = async () => {
    try {
      const { in_force: number } = await get("/v1/desk/follow-up-policies");
      now.value = { number, policy: (await get(`/v1/desk/follow-up-policies/${number}`)).policy };
      failed.value = "";
    } catch (error) {
      failed.value = explained(error);
    }
  };
  useEffect(() => void load(), []);
  if (failed.value) return html`<${Failed} why=${failed.value} again=${load} />`;
  return now.value ? html`<${Form} number=${now.value.number} policy=${now.value.policy} onSaved=${load} />` : html`<${Skeleton} rows=${8} />`;
}

/** @param {{number: number, policy: Policy, onSaved: () => Promise<void>}} its */
function Form({ number, policy, onSaved }) {
  const begun = () => ({ number, base: policy, typed: policy }), wish = draft(OWN, begun()), effects = useSignal(/** @type {any} */ (null)), wrong = useSignal(""), isBusy = useSignal(false);
  const its = wish.value.typed, isTouched = !same(its, wish.value.base);
  useEffect(() => void (isTouched || (wish.value = begun())), [number]);
  useEffect(() => {
    if (!isTouched) return void ([effects.value, wrong.value] = [null, ""]);
    const timer = setTimeout(() => post("/v1/desk/follow-up-policy/preview", its).then((found) => ([effects.value, wrong.value] = [found, ""]), (error) => ([effects.value, wrong.value] = [null, worded(error)])), RESTS);
    return () => clearTimeout(timer);
  }, [JSON.stringify(its)]);
  /** @param {Partial<Policy>} more */
  const set = (more) => (wish.value = { ...wish.value, typed: { ...wish.value.typed, ...more } });
  /** @param {string} list @param {number} n @param {any} more null takes it away */
  const change = (list, n, more) => set({ [list]: more ? its[list].map((/** @type {any} */ it, /** @type {number} */ at) => (at === n ? { ...it, ...more } : it)) : its[list].filter((/** @type {any} */ _, /** @type {number} */ at) => at !== n) });
  const what = named("part", "promise");
  const save = async () => {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await send("PUT", "/v1/desk/follow-up-policy", its);
      done(OWN);
      await onSaved();
      say(t("settings.saved", { what }), { undo: () => send("PUT", "/v1/desk/follow-up-policy", policy).then(onSaved).then(() => say(t("settings.put_back", { what })), (error) => say(explained(error), { wrong: true })) });
    } catch (error) {
      wrong.value = worded(error);
    } finally {
      isBusy.value = false;
    }
  };
  /** @param {string} id @param {string} label @param {string[]} among @param {(it: string) => string} said @param {string | null} value @param {(it: string | null) => void} take */
  const choice = (id, label, among, said, value, take) => html`<label class="part">${label}<select id=${id} value=${value ?? ""} onChange=${(/** @type {any} */ event) => take(event.target.value || null)}>${among.map((it) => html`<option key=${it} value=${it}>${it ? said(it) : t("promise.any")}</option>`)}</select></label>`;
  return html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(save)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), save())}>
    <section><h2>${t("promise.rows")}</h2><p class="hint">${t("promise.rows_text")}</p>
      <ol class="stages">${its.rows.map((/** @type {any} */ row, /** @type {number} */ n) => html`<li key=${n} class="stage"><fieldset><legend>${t("promise.row", { n: n + 1 })}</legend><div class="pair">
        ${choice(`row-${n}-tier`, named("field", "tier"), TIERS, (it) => named("tier", it), row.tier, (tier) => change("rows", n, { tier }))}
        ${choice(`row-${n}-cause`, t("promise.cause"), CAUSES, (it) => named("cause", it), row.cause, (cause) => change("rows", n, { cause }))}
        ${choice(`row-${n}-priority`, t("promise.priority"), PRIORITIES, (it) => named("priority", it), row.priority, (priority) => change("rows", n, { priority }))}</div>
        <div class="pair">${TARGETS.map((target) => html`<${Hours} key=${target} id="row-${n}-${target}" label=${named("target", target)} value=${row[target]} take=${(/** @type {number | null} */ minutes) => change("rows", n, { [target]: minutes })} />`)}</div>
        <button type="button" class="plain" aria-label=${t("settings.remove", { what: t("promise.row", { n: n + 1 }) })} onClick=${() => change("rows", n, null)}>${icon("trash")} ${t("hours.off_remove")}</button></fieldset></li>`)}</ol>
      <button type="button" class="button" onClick=${() => set({ rows: [{ tier: null, cause: null, priority: null, first_response: 1440, next_response: 1440, resolution: null, calendar: "" }, ...its.rows] })}>${icon("plus")} ${t("promise.add_row")}</button></section>
    <section><h2>${t("promise.reminded")}</h2><p class="hint">${t("promise.reminded_text")}</p>
      <ul class="spans">${its.thresholds.map((/** @type {any} */ it, /** @type {number} */ n) => it.percent !== null && html`<li key=${n}><span class="with-unit"><input type="number" min="1" max="99" aria-label=${t("promise.share", { n: n + 1 })} value=${it.percent} onInput=${(/** @type {any} */ event) => change("thresholds", n, { percent: Number(event.target.value) })} /><span>%</span></span>
        <button type="button" class="bare" aria-label=${t("settings.remove", { what: t("promise.share", { n: n + 1 }) })} onClick=${() => change("thresholds", n, null)}>${icon("x")}</button></li>`)}
        <li><button type="button" class="button" onClick=${() => set({ thresholds: [...its.thresholds, { percent: 60, minutes_before: null, minutes_after: null }] })}>${icon("plus")} ${t("promise.add_share")}</button></li></ul></section>
    <section><h2>${t("promise.told")}</h2><p class="hint">${t("promise.told_text")}</p>
      ${its.levels.map((/** @type {any} */ it, /** @type {number} */ n) => html`<div key=${n} class="pair">${choice(`level-${n}`, t("promise.level", { n: n + 1 }), ["assignee", "manager", "owner"], (role) => named("level", role), it.role, (role) => change("levels", n, { role }))}
        <${Hours} id="level-${n}-after" label=${t("promise.after", { n: n + 1 })} value=${it.after} take=${(/** @type {number | null} */ after) => change("levels", n, { after: after ?? 0 })} />
        <button type="button" class="plain" aria-label=${t("settings.remove", { what: t("promise.level", { n: n + 1 }) })} onClick=${() => change("levels", n, null)}>${icon("trash")} ${t("hours.off_remove")}</button></div>`)}
      <button type="button" class="button" onClick=${() => set({ levels: [...its.levels, { role: "owner", after: 60 + Math.max(0, ...its.levels.map((/** @type {any} */ it) => it.after)) }] })}>${icon("plus")} ${t("promise.add_level")}</button>
      <p><label class="choice"><input id="vip-any-hour" type="checkbox" checked=${its.vip_breach_at_any_hour} onChange=${(/** @type {any} */ event) => set({ vip_breach_at_any_hour: event.target.checked })} /> <span>${t("promise.vip")}</span></label></p></section>
    <section><h2>${t("promise.work")}</h2><div class="pair">
      ${choice("promise-assignment", t("promise.assignment"), ["owner", "least_loaded", "round_robin"], (it) => named("assignment", it), its.assignment, (assignment) => assignment && set({ assignment }))}
      ${choice("promise-reopening", t("promise.reopening"), ["continues", "new_cycle"], (it) => named("reopening", it), its.reopening, (reopening) => reopening && set({ reopening }))}
      <${Hours} id="promise-pause" label=${t("promise.longest_pause")} value=${its.longest_pause} take=${(/** @type {number | null} */ longest_pause) => set({ longest_pause: longest_pause ?? 0 })} />
      <${Hours} id="promise-patience" label=${t("promise.patience")} value=${its.ladder.patience} take=${(/** @type {number | null} */ patience) => set({ ladder: { ...its.ladder, patience: patience ?? 0 } })} /></div></section>
    ${wrong.value && html`<div class="wrong" role="alert"><p>${wrong.value}</p></div>`}
    <div class="affects" role="status">${effects.value && html`<${WouldDo} its=${effects.value} />`}</div>
    <p class="about">${t("promise.open_keep")}</p>
    <p class="deeds settings-save"><button class="main" disabled=${!isTouched || isBusy.value}>${t("settings.save")}</button>
      ${isTouched && html`<button type="button" class="button" onClick=${() => (done(OWN), (wish.value = begun()))}>${t("settings.leave")}</button>`}</p>
  </form>`;
}

/** What it would do to those that are open, were it put on them. @param {{its: any}} its */
const WouldDo = ({ its }) => html`<section class=${its.effects.breaches_now?.count ? "warn" : "panel"}><h3>${many("promise.open", its.total)}</h3>
  <ul>${EFFECTS.filter((it) => its.effects[it]?.count).map((it) => html`<li key=${it}><span>${named("promise_effect", it)}: ${its.effects[it].count}</span></li>`)}</ul>
  ${!EFFECTS.some((it) => its.effects[it]?.count) && html`<p>${t("promise.nothing")}</p>`}</section>`;

/** Which row or level, and why. @param {unknown} error */
function worded(error) {
  const { field, reason } = error instanceof Problem ? error.about : {};
  const found = /^(\w+)\.(\d+)/.exec(field ?? "");
  if (!reason) return explained(error);
  return found ? `${found[1] === "rows" ? t("promise.row", { n: Number(found[2]) + 1 }) : t("promise.level", { n: Number(found[2]) + 1 })}: ${reason}` : reason;
}

/** So many minutes, hours or days; nothing is no clock. @param {{id: string, label: string, value: number | null, take: (minutes: number | null) => void}} its */
function Hours({ id, label, value, take }) {
  const unit = useSignal(unitOf(value ?? 60));
  return html`<div class="part"><label for=${id}>${label}</label><span class="with-unit"><input id=${id} type="number" min="0" step="any" value=${value === null ? "" : value / unit.value} onChange=${(/** @type {any} */ event) => take(event.target.value === "" ? null : Math.round(Number(event.target.value) * unit.value))} />
    <select aria-label=${t("settings.unit_of", { what: label })} value=${unit.value} onChange=${(/** @type {any} */ event) => { const count = (value ?? 0) / unit.value; unit.value = Number(event.target.value); if (value !== null) take(Math.round(count * unit.value)); }}><option value="1">${t("unit.minutes")}</option><option value="60">${t("unit.hours")}</option><option value="1440">${t("unit.days")}</option></select></span></div>`;
}
