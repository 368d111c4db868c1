/** A yes or a no that a client said to somebody, written down with the words it was about; and a stop that is lifted. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { pathOf, take } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { Field } from "desk/parts";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */

export const CHANNELS = ["sms", "whatsapp", "wechat", "email"];
const PURPOSES = ["transactional", "promotional"], ANSWERS = ["given", "withdrawn"], WAYS = ["in_person", "phone"];
const LONGEST = 500; // characters, as the API takes them

/** @param {ClientRecord} its @param {string} channel */
export const addressOf = (its, channel) => /** @type {Record<string, string | null>} */ ({ sms: its.phone, whatsapp: its.phone, email: its.email, wechat: its.wechat })[channel];

/** What was said stays in the record for good, so nothing of it is undone: another statement says what is so now.
 * @param {{its: ClientRecord, channel: string, onClose: () => void}} its_ `channel` is empty where none was chosen yet */
export function ConsentDrawer({ its, channel, onClose }) {
  const own = `consent.${its.id}`, reached = CHANNELS.filter((it) => addressOf(its, it)), asked = CHANNELS.includes(channel) ? channel : (reached[0] ?? CHANNELS[0]);
  const typed = draft(own, { purpose: PURPOSES[0], channel: asked, said: ANSWERS[0], how: WAYS[1], words: "" }), { refused: wrong, isBusy, acts } = useActing();
  const wish = typed.value, offered = wish.said === "given" ? reached : CHANNELS;
  const chosen = offered.includes(wish.channel) ? wish.channel : (offered[0] ?? "");
  /** @param {Record<string, string>} more */
  const set = (more) => ((typed.value = { ...typed.value, ...more }), (wrong.value = ""));
  useEffect(() => void (channel && !wish.words.trim() && set({ channel: asked })), []);
  /** @param {SubmitEvent} event */
  const save = (event) => (event.preventDefault(), acts(async () => {
    take(await post(`${pathOf(its.id)}/consents`, { ...wish, channel: chosen, words: wish.words.trim() }));
    done(own);
    const isAsked = wish.said === "given" && wish.purpose === "promotional" && chosen === "email";
    say(isAsked ? t("did.consent_asked", { name: its.name }) : t("did.consent", { name: its.name }));
    onClose();
  }));
  /** @param {"purpose" | "channel" | "said" | "how"} field @param {string[]} all @param {(it: string) => string} says */
  const choice = (field, all, says) => html`<fieldset class="field"><legend>${t(`consent.${field}`)}</legend><div class="chips">${all.map((it) => html`<label class="chip" key=${it}>
    <input type="radio" name="consent-${field}" value=${it} checked=${(field === "channel" ? chosen : wish[field]) === it} onChange=${() => set({ [field]: it })} /><span>${says(it)}</span></label>`)}</div></fieldset>`;
  return html`<${Drawer} title=${t("consent.title", { name: its.name })} onClose=${onClose} first="consent-words"><form onSubmit=${save}>
    ${choice("said", ANSWERS, (it) => t(`consent_said.${it}`))} ${choice("purpose", PURPOSES, (it) => named("purpose", it))}
    ${offered.length ? choice("channel", offered, (it) => named("way_of", it)) : html`<p class="wrong">${t("consent.no_address")}</p>`} ${choice("how", WAYS, (it) => t(`consent_how.${it}`))}
    <${Field} label=${t("consent.words")} name="consent-words" hint=${t("consent.words_hint")}>
      <textarea id="consent-words" rows="3" required maxlength=${LONGEST} aria-describedby="consent-words-hint" value=${wish.words} onInput=${(/** @type {any} */ event) => set({ words: event.target.value })}></textarea><//>
    <p class="hint">${t("consent.stays")}</p>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds sticky"><button class="main" disabled=${!wish.words.trim() || !chosen || isBusy.value}>${t("consent.save")}</button></p>
  </form><//>`;
}

/** A question comes first: the client is written to again, and no press makes that unsaid.
 * @param {{its: ClientRecord, channel: string}} its_ */
export function LiftStop({ its, channel }) {
  const isAsking = useSignal(false), { refused: wrong, isBusy, acts } = useActing();
  const lift = () => acts(async () => {
    take(await post(`${pathOf(its.id)}/stopped/${channel}/lift`));
    say(t("did.lift", { name: its.name, by: named("by", channel) }));
  });
  if (!isAsking.value) return html`<button type="button" class="button" onClick=${() => (isAsking.value = true)}>${t("lift.begin")}</button>`;
  return html`<div class="panel"><p>${t("lift.ask", { name: its.name, by: named("by", channel) })}</p>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds"><button type="button" class="main" disabled=${isBusy.value} onClick=${lift}>${t("lift.do")}</button>
      <button type="button" class="button" onClick=${() => (isAsking.value = false)}>${t("lift.leave")}</button></p></div>`;
}
