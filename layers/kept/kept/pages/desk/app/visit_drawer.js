/** One appointment beside the day: what can be done with it and what that costs, what was said about it, and where it may go. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { Drawer } from "desk/drawer";
import { day, does, loadVisit, pathOf, visitOf } from "desk/day_store";
import { book } from "desk/booking_panel";
import { canMove, isExpected } from "desk/grid";
import { Later } from "desk/later";
import { explained } from "desk/refusals";
import { Alerts, Failed, Skeleton, badge, fact, time } from "desk/parts";
import { MoveForm } from "desk/move_form";
import { serviceName, staffName } from "desk/business";
import { dayName, dayOf, span } from "desk/when";
import { named, speakOf, t } from "desk/words";

const deciding = () => import("desk/visit/deciding").then((it) => it.Deciding);
const owed = () => import("desk/money/owed").then((it) => it.Owed);
const LATE = [5, 10, 15, 20, 30]; // minutes that one click notes

/** @param {{id: string, onClose: () => void, onFound?: (visit: any) => void}} its */
export function VisitDrawer({ id, onClose, onFound }) {
  const found = useSignal(/** @type {any} */ (null)), said = useSignal(/** @type {any} */ (null)), wrong = useSignal(""), isMoving = useSignal(false), isCancelling = useSignal(false);
  const known = visitOf(id), path = pathOf(id);
  const load = () => Promise.all([loadVisit(id), get(`${path}/messages`), get(`${path}/replies`), import("desk/visit/said"), import("desk/visit/cancelling"), import("desk/visit/disputing"), speakOf("visit")]).then(([visit, messages, replies, { Said, answered }, { CancelForm, Costs }, { HeldAgainst }]) => {
    wrong.value = "";
    found.value = visit;
    said.value = { messages, replies, Said, answered, CancelForm, Costs, HeldAgainst };
    onFound?.(visit);
  }, (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), [id, known?.version, known?.status, known?.start]);
  const it = found.value ?? known, current = known ?? it;
  useEffect(() => void (isMoving.value = isCancelling.value = false), [current?.version, current?.status]);
  if (!it) return html`<${Drawer} title=${t("visit.title")} onClose=${onClose}>${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : html`<${Skeleton} />`}<//>`;
  const visit = { ...it, ...(known && { status: known.status, version: known.version, acts: known.acts, waits_until: known.waits_until }) };
  const again = () => book({ service: visit.service, staff: visit.staff, client: { id: visit.client, name: visit.client_name }, after: 28, like: visit.start });
  return html`<${Drawer} title=${visit.client_name} onClose=${onClose}>
    <p>${badge("status", visit.status)} ${visit.at_risk && html`<span class="status status-risk">${t("visit.at_risk")}</span>`}</p>
    <${Alerts} alerts=${known?.alerts ?? []} />
    ${visit.acts.includes("approve") && html`<${Later} from=${deciding} folder="visit" visit=${visit} onDone=${load} />`}
    <p class="deeds">${visit.acts.filter((/** @type {string} */ act) => !["approve", "decline"].includes(act)).map((/** @type {string} */ act, /** @type {number} */ n) => html`
      <button type="button" key=${act} class=${n === 0 && act !== "undo" ? "main" : "button"} aria-expanded=${act === "cancel" ? isCancelling.value : undefined} onClick=${() => (act === "cancel" ? (isCancelling.value = !isCancelling.value) : does(visit, act).then(load))}>${t(`act.${act}`)}</button>`)}
      ${day.value && canMove(visit) && html`<button type="button" class="button" id="visit-move" aria-expanded=${isMoving.value} onClick=${() => (isMoving.value = !isMoving.value)}>${t("visit.move")}</button>`}
      <button type="button" class="button" onClick=${again}>${t("visit.again")}</button>
    </p>
    ${isExpected(visit) && html`<p class="late-by" role="group" aria-label=${t("visit.running_late")}><span>${t("visit.running_late")}</span>
      ${LATE.map((minutes) => html`<button type="button" class="button" key=${minutes} onClick=${() => does(visit, "running-late", { minutes }).then(load)}>${t("visit.late_by", { minutes })}</button>`)}</p>`}
    ${isMoving.value && html`<${MoveForm} visit=${visit} onDone=${() => ((isMoving.value = false), load())} />`}
    ${isCancelling.value && said.value && html`<${said.value.CancelForm} visit=${visit} onDone=${() => ((isCancelling.value = false), load())} />`}
    ${said.value && html`<${said.value.HeldAgainst} visit=${visit} onDone=${load} />`}
    <dl class="facts">
      ${fact(t("fact.when"), t("fact.moment", { day: dayName(dayOf(visit.start)), span: span(visit) }))}
      ${fact(t("fact.what"), visit.service_name ?? serviceName(visit.service))} ${fact(t("fact.with"), staffName(visit.staff))}
      ${fact(t("fact.room"), day.value?.rooms.find((room) => room.id === visit.room)?.name ?? visit.room)}
      ${fact(t("fact.client"), html`<a href="/desk/clients/${encodeURIComponent(visit.client)}">${visit.record_name ?? visit.client_name}</a>`)}
      ${fact(t("fact.reached"), reached(visit))} ${fact(t("fact.note"), visit.note)}
      ${said.value && visit.answers?.map(said.value.answered)}
      ${said.value && html`<${said.value.Costs} visit=${visit} />`}
      ${fact(t("fact.waits"), visit.waits_until && time(visit.waits_until))}
      ${fact(t("fact.stopped"), visit.closed_channels?.filter((/** @type {any} */ one) => one.why_code === "said_stop").map((/** @type {any} */ one) => named("channel", one.channel)).join("\n"))}
      ${fact(t("fact.closed"), visit.open_channels?.length === 0 && visit.closed_channels.map((/** @type {any} */ one) => t("fact.closed_channel", { channel: named("channel", one.channel), why: one.why })).join("\n"))}
    </dl>
    <${Later} from=${owed} folder="money" visit=${visit} again=${load} />
    ${said.value ? html`<${said.value.Said} ...${said.value} visit=${visit} />` : wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : html`<${Skeleton} rows=${2} />`}
  <//>`;
}

/** @param {any} visit */
const reached = (visit) => (visit.client_phone || visit.client_email) && html`
  ${visit.client_phone && html`<a href="tel:${visit.client_phone}">${visit.client_phone_written}</a><br />`}${visit.client_email}`;
