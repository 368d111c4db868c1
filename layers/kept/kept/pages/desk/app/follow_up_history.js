/** What was said and done about a follow-up, the newest first; of a long one the earlier lines are asked for. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { get } from "desk/api";
import { staffName } from "desk/business";
import { time } from "desk/parts";
import { explained } from "desk/refusals";
import { pathOf } from "desk/work_store";
import { many, named, t } from "desk/words";
import { inWords, isOurs, whoDid } from "desk/own_lines";

const OUTCOMES = ["reached", "no_answer", "voicemail", "wrong_number"];

/** @param {{it: any}} its */
export function FollowUpHistory({ it }) {
  const older = useSignal(/** @type {any[]} */ ([])), left = useSignal(/** @type {number} */ (it.earlier)), wrong = useSignal("");
  const more = async () => {
    try {
      const found = await get(`${pathOf(it.id)}/history?before=${left.value}`);
      older.value = [...found.lines, ...older.value];
      left.value = found.earlier;
    } catch (error) {
      wrong.value = explained(error);
    }
  };
  const lines = [...older.value, ...it.history].reverse();
  return html`<h3>${t("history.title")}</h3>
    <ol class="ledger">${lines.map((line, n) => html`<${Line} key=${lines.length - n} line=${line} />`)}</ol>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${left.value > 0 && html`<p class="deeds"><button type="button" class="button" onClick=${more}>${many("history.earlier", left.value)}</button></p>`}`;
}

/** @param {{line: any}} its */
function Line({ line }) {
  const { what, at, by, to, until } = line, why = isOurs(line) ? inWords(line.why) : line.why, [first, ...rest] = why.split(": "), isCall = OUTCOMES.includes(first) && ["answered", "tried"].includes(what);
  return html`<li><strong>${isCall ? t(`call.${first}`) : named("happened", what)}</strong> <span class="about">${isCall ? "" : detail(what, to)}</span>
    <p class="about">${time(at)}${by && ` · ${whoDid(by)}`}${until && html` · ${t("happened.until")} ${time(until)}`}</p>
    ${(isCall ? rest.join(": ") : why) && html`<blockquote class="lines">${isCall ? rest.join(": ") : why}</blockquote>`}</li>`;
}

/** What a line names in `to`, by its kind. @type {Record<string, (to: string) => string>} */
const NAMES = {
  opened: (to) => named("cause", to),
  tried: (to) => named("by", to),
  tier: (to) => named("tier", to),
  priority: (to) => named("priority", to),
  step_done: (to) => named("step", to),
  resolved: (to) => named("ended", to),
  assigned: (to) => (to ? staffName(to) : t("work.nobodys")),
  surveyed: (to) => many("happened.stars", Number(to)),
};

/** @param {string} what @param {string} to */
const detail = (what, to) => (to || what === "assigned" ? (NAMES[what]?.(to) ?? "") : "");
