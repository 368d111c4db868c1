/** Who signs in at the desk: leaders see it; an owner invites them, says what they may do and who they are, and stops them. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post, send } from "desk/api";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { Empty, Failed, Field, Skeleton, atCtrlEnter } from "desk/parts";
import { explained } from "desk/refusals";
import { address, go } from "desk/route";
import { Back } from "desk/settings/settings_parts";
import { catalog } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {{id: string, email: string, role: string, staff: string, active: boolean, invited: boolean, me: boolean, changed_at: string}} SignIn */
/** @typedef {{sign_ins: SignIn[], minutes_left: number, may_change: boolean}} All */

const HERE = "/desk/settings/sign_ins", API = "/v1/desk/sign-ins", ROLES = ["owner", "manager", "staff"];
/** @type {import("@preact/signals").Signal<All | null>} */
const found = signal(null);
const wrong = signal("");

const load = () => get(API).then((all) => void ([found.value, wrong.value] = [all, ""]), (error) => void (wrong.value = explained(error)));

/** @param {string} id */
const whose = (id) => catalog.value?.staff.find((it) => it.id === id)?.name ?? "";

/** @param {SignIn} it @returns {string} invited, active or stopped */
const state = (it) => (!it.active ? "stopped" : it.invited ? "invited" : "active");

/** @param {string} id @param {string} act */
const at = (id, act = "") => `${API}/${encodeURIComponent(id)}${act && `/${act}`}`;

export function SignIns() {
  const open = address.value.searchParams.get("open"), all = found.value;
  useEffect(() => void load(), [open]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (!all) return html`<${Skeleton} rows=${4} />`;
  if (open === "new" && all.may_change) return html`<${Back} href=${HERE} /><h2>${t("signs.new")}</h2><${Invite} />`;
  const one = all.sign_ins.find((it) => it.id === open);
  if (open && one && all.may_change) return html`<${Back} href=${HERE} /><h2>${one.email}</h2><${One} key=${one.id} it=${one} minutes=${all.minutes_left} />`;
  if (open) return html`<${Empty} title=${t("settings.unknown")}><a class="button" href=${HERE}>${t("settings.back")}</a><//>`;
  return html`${all.may_change ? html`<p class="deeds"><a class="main" href="${HERE}?open=new">${icon("plus")} ${t("signs.new")}</a></p>` : html`<p class="about">${t("signs.owners_only")}</p>`}
    <ul class="cards">${all.sign_ins.map((it) => html`<li key=${it.id}><div class="row">
      ${all.may_change ? html`<a class="row-open" href="${HERE}?open=${it.id}"><${Person} it=${it} /></a>` : html`<div><${Person} it=${it} /></div>`}
      <span class="row-state"><span class="status">${named("signs_state", state(it))}</span></span></div></li>`)}</ul>
    <section class="setting-box"><h2>${t("signs.two_factor")}</h2><p>${t("signs.two_factor_text")}</p></section>`;
}

/** @param {{it: SignIn}} its */
const Person = ({ it }) => html`<span class="name">${it.email}</span> <span class="when">${[named("level", it.role), whose(it.staff), it.me && t("signs.you")].filter(Boolean).join(" · ")}</span>`;

/** What they may do and who they are. @param {{wish: {role: string, staff: string}, set: (more: object) => void, own?: boolean}} its */
const Choices = ({ wish, set, own = false }) => html`
  <${Field} label=${t("signs.role")} name="sign-role" hint=${own ? t("signs.own_role") : named("signs_role", wish.role)}>
    <select id="sign-role" value=${wish.role} disabled=${own} aria-describedby="sign-role-hint" onChange=${(/** @type {any} */ event) => set({ role: event.target.value })}>
      ${ROLES.map((it) => html`<option key=${it} value=${it}>${named("level", it)}</option>`)}</select><//>
  <${Field} label=${t("signs.staff")} name="sign-staff" hint=${t("signs.staff_text")}>
    <select id="sign-staff" value=${wish.staff} aria-describedby="sign-staff-hint" onChange=${(/** @type {any} */ event) => set({ staff: event.target.value })}>
      <option value="">${t("settings.nobody")}</option>${(catalog.value?.staff ?? []).map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select><//>`;

function Invite() {
  const fresh = { email: "", role: "staff", staff: "" }, wish = draft("sign-in", fresh), its = wish.value ?? fresh, { refused, isBusy, acts } = useActing();
  /** @param {object} more */
  const set = (more) => (wish.value = { ...its, ...more });
  const invite = () => its.email.trim() && acts(async () => {
    const made = await post(API, its);
    done("sign-in");
    say(t("signs.did_invite", { email: made.email }));
    go(HERE);
  });
  return html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(invite)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), invite())}>
    <${Field} label=${t("signs.email")} name="sign-email" hint=${t("signs.email_text")} problem=${refused.value}>
      <input id="sign-email" type="email" value=${its.email} maxlength="128" autocomplete="off" aria-describedby="sign-email-hint" onInput=${(/** @type {any} */ event) => set({ email: event.target.value })} /><//>
    <${Choices} wish=${its} set=${set} />
    <p class="deeds"><button class="main" disabled=${isBusy.value || !its.email.trim()}>${t("signs.invite")}</button></p></form>`;
}

/** @param {{it: SignIn, minutes: number}} its */
function One({ it, minutes }) {
  const wish = useSignal({ role: it.role, staff: it.staff }), { refused, isBusy, acts } = useActing();
  const isTouched = wish.value.role !== it.role || wish.value.staff !== it.staff;
  /** @param {() => Promise<any>} act @param {string} did @param {() => Promise<any>} [undo] */
  const does = (act, did, undo) => acts(async () => {
    await act();
    await load();
    say(did, undo && { undo: () => undo().then(load, (error) => say(explained(error), { wrong: true })) });
  });
  const save = () => isTouched && does(() => send("PATCH", at(it.id), wish.value), t("signs.did_change", { email: it.email }), () => send("PATCH", at(it.id), { role: it.role, staff: it.staff }));
  const stop = () => does(() => post(at(it.id, "deactivate")), t("signs.did_stop", { email: it.email }), () => post(at(it.id, "reactivate")));
  const start = () => does(() => post(at(it.id, "reactivate")), t("signs.did_start", { email: it.email }), () => post(at(it.id, "deactivate")));
  return html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(save)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), save())}>
    <p><span class="status">${named("signs_state", state(it))}</span></p>
    <${Choices} wish=${wish.value} own=${it.me} set=${(/** @type {object} */ more) => (wish.value = { ...wish.value, ...more })} />
    ${isTouched && html`<p class="about">${t("signs.change_text", { minutes })}</p>`}
    ${refused.value && html`<div class="wrong" role="alert"><p>${refused.value}</p></div>`}
    <p class="deeds"><button class="main" disabled=${!isTouched || isBusy.value}>${t("settings.save")}</button></p>
    ${it.invited && it.active && html`<section class="setting-box"><h2>${t("signs.again")}</h2><p class="about">${t("signs.again_text")}</p>
      <p class="deeds"><button type="button" class="button" onClick=${() => does(() => post(at(it.id, "invite-again")), t("signs.did_invite", { email: it.email }))}>${t("signs.again")}</button></p></section>`}
    ${!it.me && html`<section class="setting-box"><h2>${t(it.active ? "signs.stop" : "signs.start")}</h2><p class="about">${it.active ? t("signs.stop_text", { minutes }) : t("signs.start_text")}</p>
      <p class="deeds"><button type="button" class="button" onClick=${it.active ? stop : start}>${t(it.active ? "signs.stop" : "signs.start")}</button></p></section>`}
  </form>`;
}
