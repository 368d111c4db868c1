/** The follow-up policy: how soon who is answered, who is reminded and told, and what another would do before it is saved. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { Problem, get, post, send } from "desk/api";
import { same } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { Failed, Skeleton, atCtrlEnter } from "desk/parts";
import { explained } from "desk/refusals";
import { PARTS, called } from "desk/settings/policy_words";
import { Calendars, Pausing, Rows } from "desk/settings/promise_clocks";
import { PutOnOpen, WouldDo } from "desk/settings/promise_effects";
import { Ladder, Plans, Reminded, Told } from "desk/settings/promise_people";
import { Zones } from "desk/settings/settings_parts";
import { withValue } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/policy_words").Policy} Policy */
/** @typedef {{number: number, policy: Policy, usual: Policy}} InForce */

const OWN = "settings.promise", RESTS = 500, API = "/v1/desk/follow-up-policy";

/** @returns {Promise<InForce>} */
async function inForce() {
  const { in_force: number, defaults: usual } = await get("/v1/desk/follow-up-policies");
  return { number, usual, policy: (await get(`/v1/desk/follow-up-policies/${number}`)).policy };
}

/** What is to be typed into it when it is opened next, over what is in force. @param {Policy} typed */
export async function beginPolicy(typed) {
  const { number, policy } = await inForce();
  done(OWN);
  draft(OWN, /** @type {any} */ (null)).value = { number, base: policy, typed };
}

export function FollowUpPromise() {
  const now = useSignal(/** @type {InForce | null} */ (null)), failed = useSignal("");
  const load = () => inForce().then((found) => void ([now.value, failed.value] = [found, ""]), (error) => void (failed.value = explained(error)));
  useEffect(() => void load(), []);
  if (failed.value) return html`<${Failed} why=${failed.value} again=${load} />`;
  return now.value ? html`<${Form} ...${now.value} onSaved=${load} />` : html`<${Skeleton} rows=${8} />`;
}

/** @param {InForce & {onSaved: () => Promise<void>}} its */
function Form({ number, policy, usual, onSaved }) {
  const begun = () => ({ number, base: policy, typed: policy }), wish = draft(OWN, begun()), effects = useSignal(/** @type {any} */ (null)), wrong = useSignal(/** @type {unknown} */ (null)), isOutdated = useSignal(false);
  const its = (wish.value ?? begun()).typed, isTouched = !same(its, (wish.value ?? begun()).base), { refused, isBusy, acts } = useActing();
  useEffect(() => void (isTouched || (wish.value = begun())), [number]);
  useEffect(() => {
    if (!isTouched) return void ([effects.value, wrong.value] = [null, null]);
    const timer = setTimeout(() => post(`${API}/preview`, its).then((found) => ([effects.value, wrong.value] = [found, null]), (error) => ([effects.value, wrong.value] = [null, error])), RESTS);
    return () => clearTimeout(timer);
  }, [JSON.stringify(its)]);
  const form = {
    its, usual,
    /** @param {string} at @param {any} value */
    set: (at, value) => (wish.value = { ...begun(), ...wish.value, typed: withValue(wish.value.typed, at, value) }),
    /** @param {string} at */
    problem: (at) => wrongParts(wrong.value).filter((it) => it.field === at || it.field.startsWith(`${at}.`)).map((it) => `${where(it.field)}${it.reason}`).join(" "),
  };
  const what = named("part", "promise"), untold = wrong.value && !PARTS.some((at) => form.problem(at)) ? explained(wrong.value) : "";
  const back = () => send("PUT", API, policy).then(onSaved).then(() => say(t("settings.put_back", { what })), (error) => say(explained(error), { wrong: true }));
  const save = () => acts(async () => {
    const now = await inForce();
    if (now.number !== wish.value.number) {
      wish.value = { number: now.number, base: now.policy, typed: its };
      return void (isOutdated.value = true);
    }
    try {
      await send("PUT", API, its);
    } catch (error) {
      return void (wrong.value = error);
    }
    done(OWN);
    isOutdated.value = false;
    await onSaved();
    say(t("settings.saved", { what }), { undo: back });
  });
  return html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(save)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), save())}>
    <section><h2>${t("policy.clocks")}</h2><${Rows} form=${form} /><${Calendars} form=${form} /></section>
    <section><h2>${t("policy.pauses")}</h2><${Pausing} form=${form} /></section>
    <section><h2>${t("policy.people")}</h2><${Reminded} form=${form} /><${Told} form=${form} /></section>
    <section><h2>${t("policy.work")}</h2><${Ladder} form=${form} /><${Plans} form=${form} /></section>
    ${isOutdated.value && html`<div class="wrong" role="alert"><p>${t("policy.outdated")}</p></div>`}
    ${(untold || refused.value) && html`<div class="wrong" role="alert"><p>${untold || refused.value}</p></div>`}
    <div class="affects" role="status">${effects.value && html`<${WouldDo} its=${effects.value} />`}</div>
    <p class="about">${t("policy.open_keep")}</p>
    <p class="deeds settings-save"><button class="main" disabled=${!isTouched || isBusy.value}>${t("settings.save")}</button>
      ${isTouched && html`<button type="button" class="button" onClick=${() => (done(OWN), (wish.value = begun()))}>${t("settings.leave")}</button>`} <a class="plain" href="/desk/settings/history?kind=follow_up_policy">${t("policy.history")}</a></p>
  </form>
  ${!isTouched && html`<${PutOnOpen} number=${number} />`}
  <${Zones} />`;
}

/** @param {unknown} error @returns {{field: string, reason: string}[]} */
function wrongParts(error) {
  if (!(error instanceof Problem)) return [];
  const { field, reason, detail, fields = [] } = error.about;
  return field ? [{ field, reason: reason ?? detail }] : fields;
}

/** Which one of a list, before why. @param {string} field */
function where(field) {
  const [list, which, at] = field.split("."), n = Number(which) + 1;
  const name = list === "rows" ? t("policy.row", { n }) : list === "levels" ? t("policy.level", { n }) : list === "thresholds" ? t("policy.reminder", { n }) : list === "plans" ? `${named("cause", which)}, ${t("policy.step", { n: Number(at) + 1 })}` : list === "calendars" ? named("policy_calendar", which) : "";
  return which && name ? `${name}: ` : "";
}
