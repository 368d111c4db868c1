/** Who is here, by number: who is called next, how long each waits, and how far those in the chair have come. */

import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { serviceName, staffName } from "desk/business";
import { day, pathOf } from "desk/day_store";
import { lateBy } from "desk/grid";
import { icon } from "desk/icon";
import { bind } from "desk/keys";
import { post } from "desk/api";
import { Empty, Failed, Skeleton, badge } from "desk/parts";
import { QueueNumber } from "desk/queue/numbers";
import { comes, does, failure, line, showLine, watchLine } from "desk/queue/queue_store";
import { WalkIn } from "desk/queue/walk_in";
import { besideDay, go } from "desk/route";
import { WaitingTabs } from "desk/waitlist/tabs";
import { clock, lasting } from "desk/when";
import { language, t } from "desk/words";

/** @typedef {import("desk/queue/queue_store").Num} Num */
/** @typedef {import("desk/types").Visit} Visit */

const EXPECTED = ["booked", "confirmed", "arrived"], SOONEST = 6;

bind("w", "queue.key", () => go("/desk/queue"), "walk-in-who");

export function Queue() {
  useEffect(watchLine, []);
  useEffect(() => void (document.title = `${t("queue.title")} – Kept`), [language.value]);
  const its = line.value;
  return html`<${WaitingTabs} here="/desk/queue" />
    ${failure.value ? html`<h1>${t("queue.title")}</h1><${Failed} why=${failure.value} again=${showLine} />` : its ? html`<${Shown} its=${its} />` : html`<h1>${t("queue.title")}</h1><${Skeleton} />`}`;
}

/** @param {{its: import("desk/queue/queue_store").Line}} its */
function Shown({ its: { numbers, wall, code } }) {
  /** @param {string[]} stages */
  const at = (...stages) => numbers.filter((it) => stages.includes(it.stage));
  const waiting = at("waiting"), served = at("in_service"), over = at("done", "left"), next = waiting.find((it) => !it.called_at);
  const known = new Set(numbers.filter((it) => it.stage !== "left").map((it) => it.appointment));
  const coming = (day.value?.appointments ?? []).filter((it) => EXPECTED.includes(it.status) && !known.has(it.id)).sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  return html`<div class="queue"><div class="bar"><h1>${t("queue.title")}</h1>
      ${next && html`<button type="button" class="main" onClick=${() => does(next, "call")}>${t("queue.call_next", { number: [next.number, next.name].filter(Boolean).join(", ") })}</button>`}
      <span class="views"><a class="button" href=${wall} target="_blank" rel="noopener">${t("queue.wall")}</a> <a class="button" href=${code} target="_blank" rel="noopener">${t("queue.code")}</a></span></div>
    <${WalkIn} />
    ${!waiting.length && !served.length && html`<${Empty} title=${t("queue.empty")} text=${t("queue.empty_text")} />`}
    <${Group} name="waiting" numbers=${waiting} /><${Group} name="in_service" numbers=${served} />
    ${coming.length > 0 && html`<section class="listed"><h2>${t("queue.expected")} <span class="count">${coming.length}</span></h2><ol class="cards">${coming.slice(0, SOONEST).map((it) => html`<${Coming} key=${it.id} visit=${it} />`)}</ol>
      ${coming.length > SOONEST && html`<p><a href="/desk?view=list&who=all">${t("queue.all_day")}</a></p>`}</section>`}
    ${over.length > 0 && html`<details><summary>${t("queue.over")} <span class="count">${over.length}</span></summary><ol class="cards">${over.map((it) => html`<${QueueNumber} key=${it.id} it=${it} />`)}</ol></details>`}</div>`;
}

/** @param {{name: string, numbers: Num[]}} its */
const Group = ({ name, numbers }) => numbers.length > 0 && html`<section class="listed"><h2>${t(`queue_stage.${name}`)} <span class="count">${numbers.length}</span></h2><ol class="cards">${numbers.map((it) => html`<${QueueNumber} key=${it.id} it=${it} />`)}</ol></section>`;

/** Who has an appointment and no number yet. @param {{visit: Visit}} its */
function Coming({ visit }) {
  const { refused, isBusy, acts } = useActing(), late = lateBy(visit), isHere = visit.status === "arrived";
  const undo = isHere ? undefined : () => post(`${pathOf(visit.id)}/undo`);
  return html`<li class="row"><a class="row-open" href=${besideDay(visit.id)}><span class="when">${clock(visit.start)}</span> <strong class="name">${visit.client_name}</strong> <span class="about">${serviceName(visit.service)} · ${staffName(visit.staff)}</span></a>
    <span class="row-state">${isHere ? badge("status", visit.status) : late > 0 && html`<span class="status status-late">${t("day.late", { span: lasting(late) })}</span>`}
      <button type="button" class="button first" disabled=${isBusy.value} aria-label="${t("queue.is_here")}, ${visit.client_name}" onClick=${() => acts(() => comes({ appointment: visit.id }, undo))}>${icon("circle-check")} ${t("queue.is_here")}</button></span>
    ${refused.value && html`<p class="wrong row-call" role="alert">${refused.value}</p>`}</li>`;
}
