/** Where staff answer a client: over which channel, how long it may be, and when it goes out; what is typed is never lost. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { post } from "desk/api";
import { me } from "desk/business";
import { pathOf } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { now } from "desk/page";
import { atCtrlEnter } from "desk/parts";
import { explained } from "desk/refusals";
import { SavedReplies } from "desk/saved_replies";
import { say } from "desk/toasts";
import { soon } from "desk/when";
import { many, named, t } from "desk/words";

/** @typedef {{channel: string, open: boolean, why: string, why_code: string, until: string | null}} Way */
/** @typedef {{channels: Way[], chosen: string | null, parts: number, characters: number, left: number, encoding: string, too_long: string, subject: string | null}} Preview */

const RESTS = 300; // ms without another letter before the server is asked
const NEAR = 300; // characters left that are worth saying
const SOON = 60_000; // ms; what goes out within them goes out at once

/** @param {{id: string, name: string, client: import("./types").ClientRecord | null, followUp: string | null, pending: import("@preact/signals").Signal<any>, onSent: (made: any) => void}} its */
export function AnswerBox({ id, name, client, followUp, pending, onSent }) {
  const own = `answer.${id}`, typed = draft(own, { text: "", channel: "" }), preview = useSignal(/** @type {Preview | null} */ (null)), wrong = useSignal(""), places = useSignal(/** @type {string[]} */ ([]));
  const { text, channel } = typed.value, says = text.trim();
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(async () => {
      try {
        const found = await post(`${pathOf(id)}/answer-preview`, { text: says, ...(channel && { channel }) });
        if (!isOld) preview.value = found;
      } catch (error) {
        if (!isOld) wrong.value = explained(error);
      }
    }, preview.value ? RESTS : 0);
    return () => ((isOld = true), clearTimeout(timer));
  }, [says, channel, client?.revision]);
  /** @param {{text?: string, channel?: string}} more */
  const set = (more) => {
    typed.value = { ...typed.value, ...more };
    wrong.value = "";
  };
  const found = preview.value, open = found?.channels.filter((it) => it.open) ?? [];
  const over = open.find((it) => it.channel === channel) ?? open.find((it) => it.channel === found?.chosen);
  const isTooLong = says !== "" && Boolean(found?.too_long), canSend = says !== "" && !isTooLong && Boolean(over?.open) && !pending.value;
  const sends = async () => {
    const left = places.value.find((it) => says.includes(`{${it}}`));
    if (left) return void (wrong.value = t("answer.unfilled", { name: `{${left}}` }));
    if (!canSend || !over) return;
    pending.value = { by: "us", at: new Date(now()).toISOString(), channel: over.channel, appointment: "", text: says, stage: "staff_answer", status: "queued", staff: me.value?.staff ?? "" };
    try {
      const made = await post(`${pathOf(id)}/answer`, { text: says, channel: over.channel, ...(followUp && { follow_up: followUp }) });
      done(own);
      pending.value = null;
      onSent(made);
      say(goes(name, made));
    } catch (error) {
      pending.value = null;
      wrong.value = explained(error);
      document.getElementById("answer-text")?.focus();
    }
  };
  return html`<form class="answer" aria-label=${t("answer.title", { name })} onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), void sends())}>
    ${found && html`<${Ways} ways=${found.channels} chosen=${over?.channel ?? null} onChoose=${(/** @type {string} */ to) => set({ channel: to })} phone=${client?.phone ?? null} />`}
    <label class="unseen" for="answer-text">${t("answer.title", { name })}</label>
    <textarea id="answer-text" rows="3" placeholder=${t("answer.keys", { name })} value=${pending.value ? "" : text} aria-describedby="answer-length" onKeyDown=${atCtrlEnter(sends)}
      onInput=${(/** @type {any} */ event) => set({ text: event.target.value })}></textarea>
    <p class="about length" id="answer-length">${says && found ? length(found) : over?.open && over.until && !over.why ? t("answer.free_until", { when: soon(over.until) }) : ""}</p>
    ${(wrong.value || isTooLong) && html`<p class="wrong" role="alert">${wrong.value || found?.too_long}</p>`}
    <${SavedReplies} id=${id} typed=${text} onLoaded=${(/** @type {string[]} */ all) => (places.value = all)} onChoose=${(/** @type {string} */ words) => (set({ text: text.trim() ? `${text.trimEnd()}\n${words}` : words }), document.getElementById("answer-text")?.focus())} />
    <p class="deeds"><button class="main" disabled=${!canSend}>${icon("send")} ${over?.open ? t("answer.send", { by: named("by", over.channel) }) : t("answer.send_plain")}</button>
      ${over?.open && html`<span class="about">${over.why && over.until ? t("answer.waits", { when: soon(over.until), why: over.why }) : t("answer.at_once")}</span>`}</p>
  </form>`;
}

/** @param {{ways: Way[], chosen: string | null, onChoose: (channel: string) => void, phone: string | null}} its */
function Ways({ ways, chosen, onChoose, phone }) {
  const open = ways.filter((it) => it.open), closed = ways.filter((it) => !it.open);
  return html`<fieldset class="ways"><legend class="unseen">${t("answer.over")}</legend>
    <div class="chips">${open.map((it) => html`<label class="chip" key=${it.channel}>
      <input type="radio" name="answer-over" value=${it.channel} checked=${it.channel === chosen} onChange=${() => onChoose(it.channel)} /><span>${named("way_of", it.channel)}</span></label>`)}
      ${closed.length > 0 && html`<details><summary>${many("answer.closed", closed.length)}</summary><ul class="about">${closed.map((it) => html`<li key=${it.channel}>${t("fact.closed_channel", { channel: named("way_of", it.channel), why: it.why })}</li>`)}</ul></details>`}</div>
    ${open.length === 0 && html`<p class="wrong">${t("answer.call")} ${phone && html`<a href="tel:${phone}">${phone}</a>`}</p>`}
  </fieldset>`;
}

/** @param {Preview} it */
function length(it) {
  if (it.encoding) return `${many("answer.parts", it.parts)} · ${many("answer.left", Math.max(0, it.left))}`;
  const subject = it.subject ? t("answer.subject", { subject: it.subject }) : "";
  return it.left < NEAR ? [subject, many("answer.left", Math.max(0, it.left))].filter(Boolean).join(" · ") : subject;
}

/** When it goes out: once that has happened it cannot be taken back. @param {string} name @param {any} made */
function goes(name, made) {
  const by = named("by", made.channel);
  const isLater = made.next_try && Date.parse(made.next_try) > now() + SOON;
  return isLater ? t("did.answer_later", { name, by, when: soon(made.next_try) }) : t("did.answer", { name, by });
}
