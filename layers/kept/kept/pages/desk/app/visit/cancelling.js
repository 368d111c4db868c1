/** What changing a visit costs by the terms that were accepted with it, and cancelling it: for the client who asks, or of our own. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { does } from "desk/day_store";
import { money } from "desk/amounts";
import { now } from "desk/page";
import { Field, fact, takes } from "desk/parts";
import { moment } from "desk/when";
import { named, sentences, t } from "desk/words";

const REASONS = ["time", "illness", "need", "convenience", "cost", "expectation", "other"];

/** @param {any} visit */
const isExpected = (visit) => ["booked", "confirmed"].includes(visit.status);
/** @param {any} visit */
const isLate = (visit) => now() > Date.parse(visit.free_change_until) || now() >= Date.parse(visit.start);

/** @param {{visit: any}} its */
export const Costs = ({ visit }) => html`
  ${fact(t("fact.costs"), visit.costs && t(visit.status === "no_show" ? "costs.missed" : visit.status === "cancelled" ? "costs.cancelled" : "costs.moved", { sum: money(visit.costs) }))}
  ${fact(t("fact.change"), isExpected(visit) && (isLate(visit) ? lateFrom(visit) : freeUntil(visit)))}`;

/** @param {any} visit */
function lateFrom({ free_change_until: at, fees: { cancelling, moving, missing } }) {
  return sentences(t("costs.late_since", { when: moment(at) }), cancelling ? t("costs.cancelling", { sum: money(cancelling) }) : t("costs.nothing"), moving && t("costs.moving", { sum: money(moving) }), missing && t("costs.missing", { sum: money(missing) }));
}

/** @param {any} visit */
function freeUntil({ free_change_until: at, fees: { cancelling, moving, missing } }) {
  return sentences(t("costs.free_until", { when: moment(at) }), cancelling && t("costs.cancelling_later", { sum: money(cancelling) }), moving && t("costs.moving_later", { sum: money(moving) }), missing && t("costs.missing", { sum: money(missing) }));
}

/** @param {{visit: any, onDone: () => void}} its */
export function CancelForm({ visit, onDone }) {
  const whose = useSignal("client"), reason = useSignal("other"), note = useSignal(""), isTheirs = whose.value === "client";
  useEffect(() => document.getElementById("cancel-client")?.focus(), []);
  /** @param {SubmitEvent} event */
  const cancel = async (event) => {
    event.preventDefault();
    if (await does(visit, "cancel", { reason: isTheirs ? reason.value : "other", note: note.value.trim(), for_client: isTheirs })) onDone();
  };
  /** @param {string} who */
  const choice = (who) => html`<label class="choice"><input type="radio" name="cancel-whose" id="cancel-${who}" value=${who} checked=${whose.value === who} onChange=${() => (whose.value = who)} /> <span>${t(`cancel.${who}`)}</span></label>`;
  return html`<form class="move-form cancel-form" onSubmit=${cancel}>
    <fieldset><legend>${t("cancel.whose")}</legend>${choice("client")}${choice("us")}</fieldset>
    ${isTheirs && html`<${Field} label=${t("cancel.why")} name="cancel-reason"><select id="cancel-reason" value=${reason.value} onInput=${takes(reason)}>${REASONS.map((it) => html`<option key=${it} value=${it} selected=${it === reason.value}>${named("reason_to_cancel", it)}</option>`)}</select><//>`}
    <${Field} label=${t("cancel.note")} name="cancel-note"><input id="cancel-note" maxlength="500" value=${note.value} onInput=${takes(note)} /><//>
    <p role="status" class="about">${whatItCosts(visit, isTheirs)}</p>
    <p class="deeds"><button class="main">${t("cancel.do")}</button> <button type="button" class="button" onClick=${onDone}>${t("cancel.leave")}</button></p>
  </form>`;
}

/** In one line beside the button. @param {any} visit @param {boolean} isTheirs */
function whatItCosts(visit, isTheirs) {
  const sum = visit.deposit?.stands === "held" && money(visit.deposit.sum), back = sum && t("costs.deposit_back", { sum }), lost = sum && t("costs.deposit_lost", { sum });
  if (!isTheirs) return sentences(t("costs.ours"), back);
  if (!isLate(visit)) return sentences(t("costs.in_time"), visit.deposit?.bound ? lost : back);
  if (lost) return sentences(t("costs.late"), lost, visit.fees.cancelling && t("costs.beyond", { sum: money(visit.fees.cancelling) }));
  return visit.fees.cancelling ? sentences(t("costs.late"), t("costs.cancelling", { sum: money(visit.fees.cancelling) })) : sentences(t("costs.late"), t("costs.nothing"));
}
