/** What a client wrote and what was sent to them, as one thread: how it was read, what was done, what became of it. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { get, news } from "desk/api";
import { AnswerBox } from "desk/answer_box";
import { staffName } from "desk/business";
import { pathOf } from "desk/client_store";
import { Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { clock, dayOf, dayShort, soon } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("./types").Said} Said */

const NEAR = 8; // px from the end, which is where counting begins
const EVERY = 15_000; // ms, for what was delivered and read, and what they answer

/**
 * @param {{id: string, name: string, client?: import("./types").ClientRecord | null, followUp?: string | null}} its
 *   `client` as far as it is loaded: for the language of saved replies
 */
export function Conversation({ id, name, client = null, followUp = null }) {
  const lines = useSignal(/** @type {Said[] | null} */ (null)), pending = useSignal(/** @type {Said | null} */ (null)), wrong = useSignal("");
  const thread = useRef(/** @type {HTMLElement | null} */ (null)), whole = useRef(/** @type {HTMLElement | null} */ (null)), asked = useRef(id), isAtEnd = useRef(true), height = useRef(0);
  /** Where it was left by hand, and not where another height has put it. @param {any} event */
  const onScroll = ({ currentTarget: its }) => its.clientHeight === height.current && (isAtEnd.current = its.scrollTop > -NEAR);
  const drawing = useRef(news()).current;
  asked.current = id;
  const load = (isNews = drawing.asks()) => get(`${pathOf(id)}/conversation`).then((found) => {
    if (asked.current !== id || !isNews()) return;
    wrong.value = "";
    if (JSON.stringify(found) !== JSON.stringify(lines.value)) lines.value = found;
  }, (error) => asked.current === id && !lines.value && (wrong.value = explained(error)));
  useEffect(() => {
    lines.value = pending.value = null;
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && load(), EVERY);
    return () => clearInterval(timer);
  }, [id]);
  const shown = [...(lines.value ?? []), ...(pending.value ? [pending.value] : [])];
  useEffect(() => void (thread.current && (thread.current.scrollTop = thread.current.scrollHeight)), [shown.length]);
  // What is below it grows as it loads, and takes of its height: who has not scrolled back stays at the newest line.
  useEffect(() => {
    const its = thread.current, sized = new ResizeObserver(() => {
      if (!its) return;
      height.current = its.clientHeight;
      if (isAtEnd.current) its.scrollTop = its.scrollHeight;
    });
    if (its) sized.observe(its);
    return () => sized.disconnect();
  }, []);
  // In a drawer on a phone what stands above it grows as it loads, and would push the newest line out of sight.
  useEffect(() => void (lines.value && whole.current?.closest(".drawer")?.contains(document.activeElement) && whole.current.scrollIntoView({ block: "end" })), [lines.value !== null, client?.id]);
  return html`<div class="conversation" ref=${whole}>
    <div class="thread" ref=${thread} onScroll=${onScroll} tabindex="0" role="region" aria-label=${t("thread.title", { name })}>
      ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
      ${lines.value === null ? !wrong.value && html`<${Skeleton} rows=${3} />` : shown.length === 0 && html`<p class="about">${t("thread.none")}</p>`}
      <ol>${shown.map((it, n) => html`
        ${dayOf(it.at) !== (n ? dayOf(shown[n - 1].at) : "") && html`<li class="thread-day" key=${dayOf(it.at)}>${dayShort(dayOf(it.at))}</li>`}
        <${Line} key=${`${it.by} ${it.at} ${n}`} it=${it} />`)}</ol>
    </div>
    <${AnswerBox} key=${id} id=${id} name=${name} client=${client} followUp=${followUp} pending=${pending} onSent=${(/** @type {Said} */ made) => {
      lines.value = [...(lines.value ?? []), made];
      void load();
    }} />
  </div>`;
}

/** @param {{it: Said}} its */
const Line = ({ it }) => html`<li class=${it.by === "client" ? "said theirs" : it.stage === STAFF ? "said ours" : "said ours by-itself"}>
  <div class="bubble">${it.by === "us" && it.stage !== STAFF && html`<strong>${named("stage", it.stage)}</strong>`}${it.text && html`<p class="lines">${it.text}</p>`}</div>
  <p class="about">${it.by === "client" ? theirs(it) : ours(it)}
    ${it.appointment && html` · <a href="/desk/appointments/${encodeURIComponent(it.appointment)}">${t("thread.visit")}</a>`}</p>
</li>`;

/** Of what one of the staff wrote in their own words. */
const STAFF = "staff_answer";

/** @param {Said} it */
const theirs = (it) => html`${time(it.at, clock)} · ${named("by", it.channel)}${it.intent && html` · ${t("thread.read_as", { intent: named("intent", it.intent) })}`}${it.done && html` · ${it.done}`}`;

/** @param {Said} it */
const ours = (it) => html`${it.staff ? staffName(it.staff) : t("thread.by_itself")} · ${named("by", it.channel)}
  ${it.delivery ? badge("delivery", it.delivery) : it.status && badge("message", it.status)} ${it.reason && html`<span class="reason">${it.reason}</span>`}
  ${[["sent", it.sent_at], ["delivered", it.delivered_at], ["read", it.read_at], ["next", it.sent_at ? null : it.next_try]]
    .filter(([, at]) => at).map(([key, at]) => html`<span class="moment" key=${key}>${t(`at.${key}`)} ${time(at, key === "next" ? soon : clock)}</span> `)}`;
