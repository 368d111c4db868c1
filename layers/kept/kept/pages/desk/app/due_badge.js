/** How long there is until a follow-up must be answered: by colour, word and shape, and it goes on by itself. */

import { html } from "htm/preact";
import { fromNow, lasting, minute, moment, soon } from "desk/when";
import { t } from "desk/words";

const SOON = 30 * 60_000; // ms before the deadline from which it is pressing
const PAUSES = ["waiting", "snoozed"];

/** @param {any} it a follow-up */
export const isPaused = (it) => PAUSES.includes(it.phase);
/** @param {any} it a follow-up */
export const isClosed = (it) => it.phase === "closed";

/** @param {any} it a follow-up @returns {{state: string, says: string, at: string | null}} */
export function dueOf(it) {
  const left = it.answer_by ? Date.parse(it.answer_by) - minute.value : Infinity;
  if (isClosed(it)) return { state: "closed", says: t("phase.closed"), at: null };
  if (left >= 0 && isPaused(it)) return { state: "paused", says: it.back ? t("due.back", { when: soon(it.back) }) : t(`phase.${it.phase}`), at: it.back };
  if (!it.answer_by) return { state: "none", says: t("due.none"), at: null };
  if (Math.abs(left) < 30_000) return { state: "soon", says: t("due.now"), at: it.answer_by };
  if (left < 0) return { state: "late", says: t("due.late", { span: lasting(left / 60_000) }), at: it.answer_by };
  return { state: left <= SOON ? "soon" : "ahead", says: fromNow(it.answer_by), at: it.answer_by };
}

/** @param {{of: any}} its the exact instant stands behind it, on hover and for who cannot see it */
export function DueBadge({ of }) {
  const { state, says, at } = dueOf(of);
  const said = html`<span class="status due due-${state}">${says}</span>`;
  return at ? html`<time dateTime=${at} title=${moment(at)}>${said}</time>` : said;
}
