/** Addresses that are told what happens: the owner sets them up, sees what each answered, and sends again what was missed. */

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post, send } from "desk/api";
import { Copyable } from "desk/settings/copyable";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { Empty, Failed, Field, Skeleton, atCtrlEnter, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, go } from "desk/route";
import { Back } from "desk/settings/settings_parts";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {{id: string, url: string, types: string[], note: string, off: string | null, failing_since: string | null, former_until: string | null, secret: string | null}} Webhook */
/** @typedef {{webhooks: Webhook[], most: number, types: string[]}} All */
/** @typedef {{id: string, type: string, status: string, made_at: string, due_at: string | null, about: {kind: string, id: string}, attempts: {at: string, status: number, milliseconds: number, said: string}[]}} Delivery */
/** @typedef {{url: string, note: string, types: string[]}} Wish */

const HERE = "/desk/settings/webhooks", API = "/v1/desk/webhooks", TEST = "webhook.test";
/** @type {import("@preact/signals").Signal<All | null>} */
const found = signal(null);
const wrong = signal("");
/** What was shown once, by the id of its address, until the page is left. @type {import("@preact/signals").Signal<Record<string, string>>} */
const secrets = signal({});

const load = () => get(API).then((all) => void ([found.value, wrong.value] = [all, ""]), (error) => void (wrong.value = explained(error)));

/** @param {string} id @param {string} act */
const at = (id, act = "") => `${API}/${encodeURIComponent(id)}${act && `/${act}`}`;

/** @param {Webhook} it @returns {string} on, failing, or why it is off */
const state = (it) => it.off ?? (it.failing_since ? "troubled" : "on");

/** @param {Webhook} made */
function keep(made) {
  if (made.secret) secrets.value = { ...secrets.value, [made.id]: made.secret };
  return load();
}

export function Webhooks() {
  const open = address.value.searchParams.get("open"), all = found.value;
  useEffect(() => void load(), [open]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (!all) return html`<${Skeleton} rows=${3} />`;
  if (open === "new") return html`<${Back} href=${HERE} /><h2>${t("hook.new")}</h2><${Form} key="new" all=${all} />`;
  const one = all.webhooks.find((it) => it.id === open);
  if (one) return html`<${Back} href=${HERE} /><h2>${one.url}</h2><${One} key=${one.id} it=${one} all=${all} />`;
  if (open) return html`<${Empty} title=${t("settings.unknown")}><a class="button" href=${HERE}>${t("settings.back")}</a><//>`;
  return html`${all.webhooks.length < all.most && html`<p class="deeds"><a class="main" href="${HERE}?open=new">${icon("plus")} ${t("hook.new")}</a></p>`}
    ${all.webhooks.length ? html`<ul class="cards">${all.webhooks.map((it) => html`<li key=${it.id}><div class="row">
      <a class="row-open" href="${HERE}?open=${encodeURIComponent(it.id)}"><span class="name">${it.url}</span> <span class="when">${it.note}</span></a>
      <span class="row-state"><span class="status">${named("hook_state", state(it))}</span></span></div></li>`)}</ul>` : html`<${Empty} title=${t("hook.none")} text=${t("hook.none_text")} />`}`;
}

/** @param {{all: All, it?: Webhook}} its */
function Form({ all, it }) {
  /** @type {Wish} */
  const fresh = it ? { url: it.url, note: it.note, types: it.types } : { url: "https://", note: "", types: [] };
  const name = it ? `webhook ${it.id}` : "webhook", wish = draft(name, fresh), its = /** @type {Wish} */ (wish.value ?? fresh), { refused, isBusy, acts } = useActing();
  /** @param {Partial<Wish>} more */
  const set = (more) => (wish.value = { ...its, ...more });
  const save = () => acts(async () => {
    const id = it?.id ?? `w-${crypto.randomUUID().slice(0, 8)}`;
    await keep(await send("PUT", at(id), its));
    done(name);
    say(t("settings.saved", { what: its.url }));
    if (!it) go(`${HERE}?open=${id}`);
  });
  /** @param {string} type */
  const turn = (type) => set({ types: its.types.includes(type) ? its.types.filter((one) => one !== type) : [...its.types, type] });
  return html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(save)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), save())}>
    <${Field} label=${t("hook.url")} name="hook-url" hint=${t("hook.url_text")} problem=${refused.value}>
      <input id="hook-url" type="url" value=${its.url} maxlength="500" autocomplete="off" aria-describedby="hook-url-hint" onInput=${(/** @type {any} */ event) => set({ url: event.target.value })} /><//>
    <${Field} label=${t("hook.note")} name="hook-note">
      <input id="hook-note" value=${its.note} maxlength="200" onInput=${(/** @type {any} */ event) => set({ note: event.target.value })} /><//>
    <fieldset><legend>${t("hook.types")}</legend><p class="hint">${t("hook.types_text")}</p>
      ${all.types.filter((type) => type !== TEST).map((type) => html`<label key=${type} class="choice"><input type="checkbox" checked=${its.types.includes(type)} onChange=${() => turn(type)} /> <code>${type}</code></label>`)}</fieldset>
    <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("settings.save")}</button></p></form>`;
}

/** @param {{it: Webhook, all: All}} its */
function One({ it, all }) {
  const { refused, acts } = useActing(), secret = secrets.value[it.id], looks = useSignal(0);
  /** @param {() => Promise<any>} act @param {string} did */
  const does = (act, did) => acts(async () => {
    await act();
    await load();
    say(did);
    looks.value += 1;
  });
  const turn = () => send("PUT", at(it.id), { url: it.url, note: it.note, types: it.types, on: Boolean(it.off) });
  return html`<p><span class="status">${named("hook_state", state(it))}</span>${it.former_until && html` <span class="about">${t("hook.both_until")} ${time(it.former_until)}</span>`}</p>
    ${secret && html`<section class="setting-box"><h2>${t("hook.secret")}</h2><p>${t("hook.secret_text")}</p><${Copyable} id="hook-secret" label=${t("hook.secret")} value=${secret} /></section>`}
    <${Form} all=${all} it=${it} />
    ${refused.value && html`<div class="wrong" role="alert"><p>${refused.value}</p></div>`}
    <p class="deeds"><button type="button" class="button" disabled=${Boolean(it.off)} onClick=${() => does(() => post(at(it.id, "test")), t("hook.did_test"))}>${t("hook.test")}</button>
      <button type="button" class="button" onClick=${() => does(turn, t(it.off ? "hook.did_on" : "hook.did_off"))}>${t(it.off ? "hook.on" : "hook.off")}</button>
      <button type="button" class="button" onClick=${() => does(() => post(at(it.id, "rotate")).then(keep), t("hook.did_rotate"))}>${t("hook.rotate")}</button>
      <button type="button" class="button" onClick=${() => does(() => send("DELETE", at(it.id)).then(() => go(HERE)), t("hook.did_drop"))}>${t("hook.drop")}</button></p>
    <${Deliveries} key=${looks.value} it=${it} />`;
}

/** @param {{it: Webhook}} its */
function Deliveries({ it }) {
  const waiting = useSignal(/** @type {Delivery[] | null} */ (null)), over = useSignal(/** @type {Delivery[]} */ ([])), refused = useSignal("");
  const read = () => Promise.all([get(`${at(it.id, "deliveries")}?waiting=true`), get(at(it.id, "deliveries"))]).then(([waits, past]) => void ([waiting.value, over.value] = [waits.deliveries, past.deliveries]), (error) => (refused.value = explained(error)));
  useEffect(() => void read(), []);
  const again = (/** @type {Delivery} */ one) => post(at(it.id, "redeliver"), { delivery: one.id }).then(read, (error) => (refused.value = explained(error)));
  if (refused.value) return html`<${Failed} why=${refused.value} again=${read} />`;
  if (!waiting.value) return html`<${Skeleton} rows=${3} />`;
  const all = [...waiting.value, ...over.value];
  return html`<section><h2>${t("hook.deliveries")}</h2><p class="deeds"><button type="button" class="button" onClick=${read}>${icon("rotate-ccw")} ${t("hook.look")}</button></p>
    ${all.length ? html`<ol class="ledger">${all.map((one) => html`<li key=${one.id}><p><strong><code>${one.type}</code></strong> · ${named("hook_delivery", one.status)} · ${time(one.made_at)}${one.due_at && html` · ${t("hook.next")} ${time(one.due_at)}`}</p>
      ${one.attempts.slice(-1).map((last) => html`<p class="about" key=${last.at}>${time(last.at)} · ${last.status || t("hook.no_answer")} · ${last.milliseconds} ms · ${last.said}</p>`)}
      ${!one.due_at && html`<button type="button" class="button" aria-label="${t("hook.again")}: ${one.type}" disabled=${Boolean(it.off)} onClick=${() => again(one)}>${t("hook.again")}</button>`}</li>`)}</ol>` : html`<p class="about">${t("hook.no_deliveries")}</p>`}</section>`;
}
