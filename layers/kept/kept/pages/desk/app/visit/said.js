/** What was said about a visit and why the rest was not, what is known of how it was missed, and what happened to it. */

import { html } from "htm/preact";
import { inWords, isOurs, whoDid } from "desk/own_lines";
import { badge, fact, time } from "desk/parts";
import { named, t } from "desk/words";

/** @param {{visit: any, messages: any[], replies: any[]}} its of a visit of which not all is known yet there is no history */
export const Said = ({ visit, messages, replies }) => html`<h3>${t("messages.title")}</h3>
  <${Ledger} messages=${messages} replies=${replies} version=${visit.version} />
  ${visit.evidence?.length > 0 && html`<details class="evidence" open=${visit.status === "no_show"}><summary>${t("evidence.title")}</summary>
    <ul class="ledger">${visit.evidence.map((/** @type {string} */ line) => html`<li key=${line}>${inWords(line)}</li>`)}</ul></details>`}
  ${visit.history && html`<details><summary>${t("history.title")}</summary><ol class="ledger">${[...visit.history].reverse().map((line, n) => html`
    <li key=${n}><strong>${named("event", line.what)}</strong> <span class="about">${time(line.at)} · ${whoDid(line.by)}${line.for_client && ` · ${t("history.for_client")}`}</span>${line.why && html`<p class="lines">${isOurs(line) ? inWords(line.why) : line.why}</p>`}</li>`)}</ol></details>`}`;

/** What the client said to one of the service's questions. @param {{asked: string, said: string, kind: string}} one */
export const answered = ({ asked, said, kind }) => fact(asked, kind === "yes_no" ? t(`asked.${said}`) : said);

/** @param {{messages: any[], replies: any[], version: number}} its */
function Ledger({ messages, replies, version }) {
  if (!messages.length && !replies.length) return html`<p class="about">${t("messages.none")}</p>`;
  return html`<ol class="ledger">${replies.map((it) => html`<li key=${it.at} class="theirs"><blockquote class="lines">${it.text}</blockquote>
      <p class="about">${named("intent", it.intent)} ${named("by", it.channel)} · ${time(it.at)} ${it.done && ` · ${it.done}`}</p></li>`)}
    ${messages.map((it, n) => html`<li key=${n}><strong>${named("stage", it.stage)}</strong> <span class="about">${named("by", it.channel)}</span>
      <p>${it.delivery ? badge("delivery", it.delivery) : badge("message", it.status)} ${it.reason && html`<span class="reason">${it.reason}</span>`}
        ${it.version < version && html` <span class="about">${t("messages.earlier")}</span>`}</p>
      <p class="moments">${Object.entries({ decided: it.created_at, sent: it.sent_at, delivered: it.delivered_at, read: it.read_at, next: it.sent_at ? null : it.next_try })
        .filter(([, at]) => at).map(([key, at]) => html`<span key=${key}>${t(`at.${key}`)} ${time(at)}</span>`)}</p></li>`)}</ol>`;
}
