/** One number of the queue: who, what for, how long they wait or how far they have come, and what is done next. */

import { html } from "htm/preact";
import { business, serviceName, staffName } from "desk/business";
import { besideDay } from "desk/route";
import { called, does, refused } from "desk/queue/queue_store";
import { clock, lasting, minute, span } from "desk/when";
import { time } from "desk/parts";
import { many, sentences, t } from "desk/words";

/** @typedef {import("desk/queue/queue_store").Num} Num */

/** By colour and shape as the day has it. @type {Record<string, string>} */
const LOOKS = { waiting: "arrived", in_service: "in_service", done: "completed", left: "cancelled" };

/** @param {{it: Num}} its */
export function QueueNumber({ it }) {
  const what = [serviceName(it.service), it.staff && staffName(it.staff), it.starts_at ? t("queue.booked_at", { clock: clock(it.starts_at) }) : t("queue.walked_in")].filter(Boolean).join(" · ");
  const page = it.appointment ? { href: besideDay(it.appointment) } : { href: it.page, target: "_blank", rel: "noopener" };
  const wrong = refused.value?.id === it.id ? refused.value : null;
  return html`<li class="row">
    <a class="row-open" id="number-${it.id}" ...${page}><strong class="queue-number"><span class="unseen">${t("queue.number")} </span>${it.number}</strong> <strong class="name">${called(it)}</strong> <span class="about">${what}</span></a>
    <span class="row-state"><${State} it=${it} /></span>
    ${wrong && html`<p class="wrong row-call" role="alert">${wrong.why} ${wrong.isTaken && html`<span class="choices">${othersThan(it).map(([id, name]) => html`<button type="button" class="button" key=${id} onClick=${() => does(it, "begin", { staff: id })}>${t("queue.begin_with", { name })}</button>`)}</span>`}</p>`}
    <p class="deeds"><${Deeds} it=${it} />${["waiting", "in_service"].includes(it.stage) && html`<a class="plain" href=${it.page} target="_blank" rel="noopener">${t("queue.page")}<span class="unseen">, ${it.number}</span></a>`}</p>
  </li>`;
}

/** Who else does it. @param {Num} it @returns {[string, string][]} */
const othersThan = (it) => Object.entries(business.value?.services.find((one) => one.id === it.service)?.staff ?? {}).filter(([id]) => it.staff && id !== it.staff);

/** @param {string} since */
const sofar = (since) => lasting(Math.max(0, (minute.value - Date.parse(since)) / 60_000));

/** @param {{it: Num}} its */
function State({ it }) {
  if (it.called_at) return html`<span class="status status-late">${t("queue.called", { span: sofar(it.called_at) })}</span>`;
  if (it.stage !== "waiting") {
    const own = it.stage === "in_service" ? it.visit_stages[it.at_stage ?? -1] : null;
    return html`<span class="status status-${LOOKS[it.stage]}">${own?.name ?? t(`queue_stage.${it.stage}`)}</span>
      ${it.stage === "in_service" && it.stage_at && html`<span class="about">${t("queue.since", { span: sofar(it.stage_at) })}${own && ` · ${t("queue.usually", { span: lasting(own.minutes) })}`}</span>`}`;
  }
  const { wait } = it;
  const here = time(it.came_at, () => t("queue.here", { span: sofar(it.came_at) }));
  if (!wait) return html`<strong>${t("queue.not_sure")}</strong> <span class="about">${here}</span>`;
  const { lower, upper, place, back_at } = wait, until = new Date(Date.parse(back_at) + (upper - lower) * 60_000).toISOString();
  const told = wait.is_next ? t("queue.next") : upper <= 60 ? t("queue.in", { lower, upper }) : t("queue.in_long", { lower: lasting(lower), upper: lasting(upper) });
  return html`<strong>${told}</strong> <span class="about">${span({ start: back_at, end: until })} · ${place > 1 && `${many("queue.before", place - 1)} · `}${here}</span>`;
}

/** @param {{it: Num}} its */
function Deeds({ it }) {
  /** @param {string} act @param {string} says @param {{is?: string, more?: object}} [how] */
  const deed = (act, says, { is = "button", more } = {}) => html`<button type="button" key=${act} class=${is} aria-label="${says}, ${it.number}" onClick=${() => does(it, act, more)}>${says}</button>`;
  if (it.stage === "waiting") {
    return html`${!it.called_at && deed("call", t("queue.call"), { is: "button first" })}${deed("begin", t("queue.begin"), { is: it.called_at ? "button first" : "button" })}${deed("leave", t("queue.gone"))}`;
  }
  if (it.stage === "in_service") {
    const at = it.at_stage ?? -1, isLast = at === it.visit_stages.length - 1;
    return html`${it.visit_stages.map(({ name, minutes }, n) => html`<button type="button" key=${n} class=${n === at + 1 ? "button first" : "button"} aria-pressed=${n === at} aria-label="${sentences(name, t("queue.usually", { span: lasting(minutes) }))}, ${it.number}" onClick=${() => n !== at && does(it, "stage", { stage: n })}>${name}</button>`)}
      ${deed("complete", t("queue.done"), { is: isLast ? "button first" : "button" })}${deed("back", t("queue.back"), { is: "plain", more: { to: "waiting" } })}`;
  }
  return deed("back", t("queue.back"), { is: "plain", more: { to: it.stage === "done" ? "in_service" : "waiting" } });
}
