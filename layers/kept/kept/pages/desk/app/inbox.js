/** What clients wrote, on every channel, newest first: how it was read, what was done, and whether somebody has to answer. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { client, isOf, showClient } from "desk/client_store";
import { Conversation } from "desk/conversation";
import { Drawer } from "desk/drawer";
import { DueBadge } from "desk/due_badge";
import { icon } from "desk/icon";
import { Alerts, Empty, Failed, Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { fromNow } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("./types").Thread} Thread */

const EVERY = 20_000; // ms

/** The conversation that is open stands in the address (`with`). */
export function Inbox() {
  const newest = useSignal(/** @type {Thread[] | null} */ (null)), older = useSignal(/** @type {Thread[]} */ ([])), next = useSignal(/** @type {string | null} */ (null)), wrong = useSignal("");
  const load = () => get("/v1/desk/inbox").then((found) => {
    if (!older.value.length) next.value = found.next;
    newest.value = found.threads;
    wrong.value = "";
  }, (error) => newest.value || (wrong.value = explained(error)));
  const more = () => get(`/v1/desk/inbox?${new URLSearchParams({ after: next.value ?? "" })}`).then((found) => {
    older.value = [...older.value, ...found.threads];
    next.value = found.next;
  }, (error) => (wrong.value = explained(error)));
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && load(), EVERY);
    return () => clearInterval(timer);
  }, []);
  const threads = [...new Map([...older.value, ...(newest.value ?? []).toReversed()].map((it) => [it.client, it])).values()]
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const open = address.value.searchParams.get("with") ?? "";
  return html`<section class="inbox" aria-label=${t("inbox.title")}>
    ${wrong.value && html`<${Failed} why=${wrong.value} again=${newest.value ? more : load} />`}
    ${newest.value === null ? !wrong.value && html`<${Skeleton} rows=${6} />`
      : threads.length === 0 ? html`<${Empty} title=${t("inbox.none")} text=${t("inbox.none_text")} />`
      : html`<ol class="cards">${threads.map((it) => html`<${Row} key=${it.client} it=${it} isOpen=${it.client === open} />`)}</ol>`}
    ${next.value && html`<p><button type="button" class="button" onClick=${more}>${t("inbox.more")}</button></p>`}
    ${open && html`<${Beside} key=${open} id=${open} thread=${threads.find((it) => it.client === open)} onClose=${() => (go(asking({ with: null })), void load())} />`}
  </section>`;
}

/** @param {{it: Thread, isOpen: boolean}} its */
const Row = ({ it, isOpen }) => html`<li class=${`row thread-row${it.unanswered ? " is-unanswered" : ""}${isOpen ? " is-open" : ""}`}>
  <a class="row-open" id="thread-${it.client}" href=${asking({ with: it.client })}>
    <strong class="name">${it.client_name}</strong> <span class="about">${named("tier", it.tier)} · ${time(it.at, fromNow)} · ${named("by", it.channel)}</span>
    <blockquote>${it.text}</blockquote>
    <span class="about">${it.intent && t("thread.read_as", { intent: named("intent", it.intent) })}${it.done && ` · ${it.done}`}</span>
  </a>
  <span class="row-state">${it.unanswered ? html`<span class="status status-to_answer">${t("inbox.unanswered")}</span>` : html`<span class="status status-completed">${t("inbox.answered")}</span>`}
    ${it.unanswered && it.answer_by && due(it.answer_by)}
    <button type="button" class=${it.unanswered ? "button first" : "button"} onClick=${() => go(asking({ with: it.client }))}>${icon("message-circle")} ${it.unanswered ? t("inbox.answer") : t("inbox.open")}</button></span>
  <${Alerts} alerts=${it.alerts ?? []} />
</li>`;

/** @param {string} by */
const due = (by) => html`<${DueBadge} of=${{ answer_by: by, phase: "open" }} />`;

/** @param {{id: string, thread?: Thread, onClose: () => void}} its */
function Beside({ id, thread, onClose }) {
  useEffect(() => void showClient(id), [id]);
  const its = client.value && isOf(client.value, id) ? client.value : null, name = its?.name ?? thread?.client_name ?? "";
  return html`<${Drawer} title=${name} onClose=${onClose} wide=${true} first="answer-text">
    <p class="deeds"><span>${badge("tier", its?.tier ?? thread?.tier ?? "")}</span>
      ${thread?.unanswered && thread.answer_by && due(thread.answer_by)}
      <a class="button" href="/desk/clients/${encodeURIComponent(id)}">${t("inbox.client")}</a>
      ${thread?.follow_up && html`<a class="button" href="/desk/follow-ups/${encodeURIComponent(thread.follow_up)}">${t("inbox.follow_up")}</a>`}
      ${its?.phone && html`<a class="button" href="tel:${its.phone}">${icon("phone")} ${its.phone_written}</a>`}</p>
    <${Alerts} alerts=${its?.alerts ?? thread?.alerts ?? []} />
    <${Conversation} id=${id} name=${name} client=${its} followUp=${thread?.unanswered ? thread.follow_up : null} />
  <//>`;
}
