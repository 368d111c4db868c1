/** The day as columns of time: what is booked, held, blocked and free; visits are moved by mouse or by Alt and arrows. */

import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { icon } from "desk/icon";
import { STEP, lanes, meets, placed, shownHours } from "desk/grid_layout";
import { lengthOf, leave, movingId, pending, propose, settlePending } from "desk/moving";
import { day, does, serviceName } from "desk/day_store";
import { badge } from "desk/parts";
import { besideDay, go } from "desk/route";
import { gapWaits } from "desk/gap_waiting";
import { clock, hour, lasting, minute, span } from "desk/when";
import { t } from "desk/words";

/** @typedef {import("./types").Visit} Visit */
/** @typedef {import("./types").Span} Span */
/** @typedef {{key: string, title: string, href?: string, staff: string, on: string, isRoom?: boolean, visits: Visit[], blocks: import("./types").Block[], holds: (Span & {offered_to: string[]})[], hours: Span[], off: (Span & {why: string})[], busy?: Span[], gaps: import("./types").Gap[]}} Column */

/** The names of what fits. @param {import("./types").Gap} gap */
const fitting = (gap) => gap.fits.map((it) => serviceName(it.service)).join(", ");

const LEAST_DRAG = 5; // pixels before a press is a drag
export const GONE = ["cancelled", "no_show"];
const EXPECTED = ["booked", "confirmed"];

/** Minutes that somebody who is expected is late; 0 for nobody else, and where clients are not checked in. @param {Visit} visit */
export function lateBy(visit) {
  if (!visit.acts.includes("check-in")) return 0;
  return Math.max(0, Math.floor((minute.value - Date.parse(visit.waits_until ?? visit.start)) / 60_000));
}

/** @param {{columns: Column[], onFree: (gap: import("./types").Gap) => void, onBlock: (block: import("./types").Block) => void}} its */
export function Grid({ columns, onFree, onBlock }) {
  const scroller = useRef(/** @type {HTMLElement | null} */ (null));
  const spans = columns.flatMap((it) => [...it.visits, ...it.blocks, ...it.hours]);
  const first = columns[0], shown = shownHours(first.on, spans.filter((it) => columns.length === 1 || it)), hours = (shown.to - shown.from) / 3_600_000;
  const isNow = minute.value >= shown.from && minute.value < shown.to;
  useEffect(() => {
    const line = /** @type {HTMLElement | null | undefined} */ (scroller.current?.querySelector(".now-line"));
    if (scroller.current && line) scroller.current.scrollTop = line.offsetTop - scroller.current.clientHeight / 3;
  }, [first.on]);
  return html`<div class="grid" ref=${scroller} tabindex="0" role="region" aria-label=${t("grid.name")}>
    <div class="grid-heads"><span class="axis-head"></span>${columns.map((it) => html`<h2 class="column-head" key=${it.key}>
      ${it.href ? html`<a href=${it.href}>${it.title}</a>` : it.title}</h2>`)}</div>
    <div class="grid-body" style=${{ "--hours": String(hours) }}>
      <ol class="axis" aria-hidden="true">${Array.from({ length: hours }, (_, n) => html`<li key=${n}>${hour(shown.from + n * 3_600_000)}</li>`)}</ol>
      ${columns.map((it) => html`<${ColumnOf} key=${it.key} column=${it} from=${shown.from + (it.on === first.on ? 0 : Date.parse(`${it.on}T00:00Z`) - Date.parse(`${first.on}T00:00Z`))} to=${shown.to} onFree=${onFree} onBlock=${onBlock} />`)}
      ${isNow && html`<div class="now-line" style=${{ "--at": String((minute.value - shown.from) / 60_000) }}><span>${clock(minute.value)}</span></div>`}
    </div>
  </div>`;
}

/** @param {{column: Column, from: number, to: number, onFree: any, onBlock: any}} its */
function ColumnOf({ column, from, to, onFree, onBlock }) {
  const side = lanes([...column.visits].sort((a, b) => (a.start < b.start ? -1 : 1)));
  return html`<section class="column" data-staff=${column.isRoom ? undefined : column.staff} data-from=${from} aria-label=${column.title}>
    ${column.hours.map((it) => html`<div class="hours" key=${it.start} style=${placed(it, from)}></div>`)}
    ${column.off.map((it) => html`<div class="off" key=${it.start} style=${placed(it, from)}>${it.why}</div>`)}
    ${column.busy?.map((it) => html`<div class=${`off is-busy ${column.visits.some((visit) => meets(visit, [it])) ? "is-met" : ""}`} key=${it.start} style=${placed(it, from)}>${t("grid.busy")}</div>`)}
    ${column.gaps.map((it) => html`<button type="button" class="gap" key=${it.start} style=${placed(it, from)} onClick=${() => onFree(it)}>${icon("plus")}
      <span>${span(it)} <small>${fitting(it)}</small> <span class="unseen">${t("grid.free", { staff: column.title })}</span></span></button>${gapWaits(it, placed(it, from))}`)}
    ${column.holds.map((it) => html`<div class="hold" key=${it.start} style=${placed(it, from)}>${it.offered_to.length ? t("grid.offer", { to: it.offered_to.join(", ") }) : t("grid.hold")}</div>`)}
    ${column.blocks.map((it) => html`<button type="button" class="block" id="block-${it.id}" key=${it.id} style=${placed(it, from)} onClick=${() => onBlock(it)}>${it.why || t("grid.block")} <span class="about">${span(it)}</span></button>`)}
    <ol class="visits">${column.visits.map((it) => html`<${VisitOf} key=${it.id} visit=${it} from=${from} side=${side.get(it.id)} isBusy=${meets(it, column.busy)} />`)}</ol>
    ${!column.isRoom && html`<${Ghost} staff=${column.staff} from=${from} to=${to} />`}
  </section>`;
}

/** Where a visit would go: drawn anew with every step, and nothing else of its column. @param {{staff: string, from: number, to: number}} its */
function Ghost({ staff, from, to }) {
  const moving = pending.value, ghost = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (moving && !moving.isDragged) ghost.current?.scrollIntoView({ block: "nearest" });
  }, [moving?.start, moving?.staff, moving?.minutes]);
  if (!moving || moving.staff !== staff || moving.start < from || moving.start > Math.max(to - 1, from)) return null;
  const end = moving.start + moving.minutes * 60_000;
  return html`<div class="ghost" ref=${ghost} style=${placed({ start: new Date(moving.start).toISOString(), end: new Date(end).toISOString() }, from)}>
    ${moving.visit.client_name} <span class="about">${clock(moving.start)}–${clock(end)}</span></div>`;
}

/** @param {{visit: Visit, from: number, side?: {lane: number, of: number}, isBusy: boolean}} its */
function VisitOf({ visit, from, side = { lane: 0, of: 1 }, isBusy }) {
  const isMoving = movingId.value === visit.id, late = lateBy(visit);
  const act = visit.acts.find((it) => ["check-in", "begin", "complete"].includes(it));
  return html`<li class="visit is-${visit.status} ${late > 0 ? "is-late" : ""} ${isMoving ? "is-moving" : ""}"
    style=${{ ...placed(visit, from), "--lane": String(side.lane), "--lanes": String(side.of), "--before": String(visit.before), "--after": String(visit.after) }}
    onPointerDown=${(/** @type {PointerEvent} */ event) => drags(event, visit, false)}>
    ${visit.before > 0 && html`<span class="buffer before" title=${t("grid.buffer")}></span>`}
    <button type="button" class="visit-open" id="visit-${visit.id}"
      onClick=${() => !isMoving && go(besideDay(visit.id))} onKeyDown=${(/** @type {KeyboardEvent} */ event) => steps(event, visit)}>
      <span class="visit-line"><span class="when">${clock(visit.start)}</span> <strong class="name">${visit.client_name}</strong>
        ${visit.alerts.length > 0 && html`<span class="alert">${icon("triangle-alert")}<span class="unseen">${t("alerts.name")}</span></span>`}</span>
      <span class="visit-line">${late > 0 ? html`<span class="status status-late">${t("day.late", { span: lasting(late) })}</span>` : badge("status", visit.status)}
        ${isBusy && html`<span class="status status-late">${t("grid.busy")}</span>`} <span class="about">${visit.service_name}</span></span>
    </button>
    ${act && html`<button type="button" class="visit-act" onClick=${() => does(visit, act)} aria-label="${t(`act.${act}`)}: ${visit.client_name}">${t(`act.${act}`)}</button>`}
    ${canMove(visit) && html`<span class="resize" onPointerDown=${(/** @type {PointerEvent} */ event) => drags(event, visit, true)}></span>`}
    ${visit.after > 0 && html`<span class="buffer after" title=${t("grid.buffer")}></span>`}
  </li>`;
}

/** @param {Visit} visit */
export const isExpected = (visit) => EXPECTED.includes(visit.status);
/** @param {Visit} visit */
export const canMove = (visit) => isExpected(visit) || ["asked_for", "awaiting_deposit"].includes(visit.status);

/** @param {KeyboardEvent} event @param {Visit} visit */
function steps(event, visit) {
  const moving = pending.value?.visit.id === visit.id ? pending.value : null;
  if (moving && event.key === "Enter") return event.preventDefault(), settlePending();
  if (moving && event.key === "Escape") return event.preventDefault(), leave();
  if (!event.altKey || !event.key.startsWith("Arrow") || !canMove(visit)) return;
  event.preventDefault();
  const sign = ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1;
  const now = moving ?? { start: Date.parse(visit.start), minutes: lengthOf(visit), staff: visit.staff };
  if (["ArrowLeft", "ArrowRight"].includes(event.key)) return propose(visit, { staff: neighbour(visit, now.staff, sign) });
  if (event.shiftKey) return propose(visit, { minutes: Math.max(STEP, now.minutes + sign * STEP) });
  propose(visit, { start: now.start + sign * STEP * 60_000 });
}

/** Who is beside them and does the same. @param {Visit} visit @param {string} staff @param {number} sign */
function neighbour(visit, staff, sign) {
  const doers = day.value?.services.find((it) => it.id === visit.service)?.staff;
  const columns = [...document.querySelectorAll(".column[data-staff]")].map((it) => /** @type {HTMLElement} */ (it).dataset.staff ?? "");
  const all = columns.filter((it) => it === staff || !doers || doers.includes(it));
  return all[all.indexOf(staff) + sign] ?? staff;
}

/** A finger scrolls; it moves a visit by its drawer. @param {PointerEvent} event @param {Visit} visit @param {boolean} isResized */
function drags(event, visit, isResized) {
  if (event.button !== 0 || event.pointerType === "touch" || !canMove(visit)) return;
  if (event.target instanceof Element && event.target.closest(".visit-act")) return;
  event.stopPropagation();
  const item = /** @type {HTMLElement} */ (event.currentTarget), column = /** @type {HTMLElement} */ (item.closest(".column"));
  const perMinute = Number.parseFloat(getComputedStyle(column).getPropertyValue("--px")) || 1.6;
  const began = { x: event.clientX, y: event.clientY, start: Date.parse(visit.start), minutes: lengthOf(visit) };
  let isDrag = false;
  /** @param {PointerEvent} at */
  const move = (at) => {
    isDrag ||= Math.hypot(at.clientX - began.x, at.clientY - began.y) > LEAST_DRAG;
    if (!isDrag) return;
    const by = Math.round((at.clientY - began.y) / perMinute / STEP) * STEP;
    if (isResized) return propose(visit, { minutes: Math.max(STEP, began.minutes + by), isDragged: true });
    const over = document.elementsFromPoint(at.clientX, at.clientY).map((it) => it.closest(".column[data-staff]")).find(Boolean);
    const its = over instanceof HTMLElement ? over.dataset : column.dataset, across = Number(its.from) - Number(column.dataset.from);
    propose(visit, { start: began.start + across + by * 60_000, staff: its.staff ?? visit.staff, isDragged: true });
  };
  const finish = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", drop);
    removeEventListener("keydown", stop);
  };
  const drop = () => {
    finish();
    if (!isDrag || !pending.value) return;
    addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    setTimeout(() => propose(visit, { isDragged: false, isDropped: true }));
  };
  /** @param {KeyboardEvent} key */
  const stop = (key) => key.key === "Escape" && (finish(), leave());
  addEventListener("pointermove", move);
  addEventListener("pointerup", drop);
  addEventListener("keydown", stop);
}
