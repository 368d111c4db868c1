/** The day: columns of time, a list beside it (the one on a phone), and a person's week. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { bookGap } from "desk/booking_panel";
import { BlockDrawer, blockTime, blocking } from "desk/block_drawer";
import { day, failure, refresh, showDay, watchDay } from "desk/day_store";
import { DayList } from "desk/day_list";
import { FailedMessages } from "desk/failed_messages";
import { Grid } from "desk/grid";
import { GuideNote } from "desk/guide_note";
import { icon } from "desk/icon";
import { Later } from "desk/later";
import { MoveBar } from "desk/moving";
import { Empty, Failed, Skeleton } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { VisitDrawer } from "desk/visit_drawer";
import { me } from "desk/business";
import { clock, dayAfter, dayName, dayOf, dayShort, isOwnZone, minute, monday, today, zoneName } from "desk/when";
import { sentences, t } from "desk/words";

/** @typedef {import("./types").Day} Day */

const delays = () => import("desk/delay/delays").then((it) => it.Delays);
const closing = () => import("desk/closure/closing").then((it) => it.Closing);
const NARROW = "(max-width: 48rem)";
const VIEWS = ["grid", "list", "week"];

/** The day that is looked at: the one in the address, or the one that was. */
let last = "";
export const shownDay = () => address.value.searchParams.get("on") || (address.value.pathname === "/desk" ? today() : last || today());

/** @param {{open?: string}} its the id of an appointment beside it */
export function Today({ open }) {
  const on = shownDay(), asked = address.value.searchParams.get("view");
  const view = VIEWS.includes(asked ?? "") ? asked : matchMedia(NARROW).matches ? "list" : "grid";
  useEffect(() => {
    last = on;
    if (view !== "week") void showDay(on);
  }, [on, view]);
  useEffect(() => (view === "week" ? undefined : watchDay()), [view]);
  useEffect(() => () => opensBlock(null), []);
  useEffect(() => void (document.title = `${dayShort(on)} – Kept`), [on]);
  const who = address.value.searchParams.get("who");
  const close = () => go(`/desk?${new URLSearchParams({ ...(last && last !== today() && { on: last }), ...(asked && { view: asked }), ...(who && { who }) })}`.replace(/\?$/, ""));
  return html`<div class="today view-${view}">
    <${GuideNote} />
    <div class="bar">
      <h1>${on === today() ? t("day.today", { day: dayName(on) }) : dayName(on)}</h1>
      <nav class="days" aria-label=${t("day.days")}>
        <a class="button" href=${asking({ on: dayAfter(on, view === "week" ? -7 : -1) })} aria-label=${t("day.before")}>${icon("chevron-left")}</a>
        <a class="button" href=${asking({ on: null })}>${t("day.back")}</a>
        <a class="button" href=${asking({ on: dayAfter(on, view === "week" ? 7 : 1) })} aria-label=${t("day.after")}>${icon("chevron-right")}</a>
        <label class="unseen" for="on">${t("day.choose")}</label>
        <input type="date" id="on" value=${on} onChange=${(/** @type {any} */ event) => event.target.value && go(asking({ on: event.target.value }))} />
      </nav>
      <nav class="views" aria-label=${t("day.views")}>${VIEWS.map((it) => html`<a key=${it} class="button" aria-current=${it === view ? "true" : undefined} href=${asking({ view: it })}>${t(`view.${it}`)}</a>`)}</nav>
    </div>
    ${view === "week" ? html`<${Week} on=${on} onBlock=${opensBlock} />` : html`<${Whole} view=${view} onBlock=${opensBlock} />`}
    <p class="about as-of">${sentences(t("day.as_of", { clock: clock(minute.value) }), !isOwnZone() && t("day.zone", { zone: zoneName() }))}</p>
    <${MoveBar} />
    ${open && html`<${VisitDrawer} key=${open} id=${open} onClose=${close} onFound=${(/** @type {any} */ it) => !last && (last = dayOf(it.start))} />`}
    ${address.value.searchParams.has("failed") && !open && html`<${FailedMessages} key=${on} on=${on} onClose=${() => go(asking({ failed: null }))} />`}
    ${address.value.searchParams.has("late") && !open && html`<${Later} from=${delays} folder="delay" key=${on} on=${on} onClose=${() => go(asking({ late: null }))} />`}
    ${address.value.searchParams.has("closing") && !open && html`<${Later} from=${closing} folder="closure" key=${`closing ${on}`} on=${on} onClose=${() => go(asking({ closing: null }))} />`}
    ${blocking.value && html`<${BlockDrawer} block=${blocking.value} onClose=${() => opensBlock(null)} />`}
  </div>`;
}

/** @param {any} block */
const opensBlock = (block) => (blocking.value = block);

/** Who leads sees everybody at first, all others their own day. @param {{view: string, onBlock: (block: any) => void}} its */
function Whole({ view, onBlock }) {
  const shown = day.value;
  if (failure.value && !shown) return html`<${Failed} why=${explained(failure.value)} again=${refresh} />`;
  if (!shown) return html`<${Skeleton} rows=${8} />`;
  const part = address.value.searchParams.get("who") ?? (me.value?.leads ? "" : (me.value?.staff ?? ""));
  if (!shown.staff.length) return html`<${Empty} title=${t("day.nobody")} text=${t("day.nobody_text")} />`;
  const only = shown.staff.some((it) => it.id === part) ? part : "";
  return html`
    <nav class="who" aria-label=${t("day.who")}>
      ${[["", t("day.everybody")], ...shown.staff.map((it) => [it.id, it.name]), ...(shown.rooms.length ? [["rooms", t("day.rooms")]] : [])].map(([id, name]) => html`
        <a key=${id} class="chip-link" aria-current=${(part === "rooms" ? "rooms" : only) === id ? "true" : undefined} href=${asking({ who: id || (me.value?.leads ? null : "all") })}>${name}</a>`)}
      <button type="button" class="button" onClick=${() => blockTime(shown.on, only)}>${icon("coffee")} ${t("day.block")}</button>
      ${shown.appointments.some((it) => it.acts.includes("complete") && Date.parse(it.end) <= minute.value) && html`<a class="button" href="/desk/day-end?on=${shown.on}">${t("end.open")}</a>`}
      ${me.value?.leads && html`<a class="button" id="day-money" href="/desk/money?on=${shown.on}">${t("money_day.open")}</a>`}
      ${shown.appointments.length > 0 && html`<a class="button" id="run-late" href=${asking({ late: "1" })}>${icon("clock")} ${t("day.run_late")}</a>`}
      ${me.value?.leads && html`<a class="button" id="close-hours" href=${asking({ closing: "new" })}>${t("day.close")}</a>`}
      ${shown.appointments.length > 0 && html`<a class="button" id="failed-messages" href=${asking({ failed: "1" })}>${t("failed_day.open")}</a>`}
    </nav>
    ${view === "list" ? html`<${DayList} day=${shown} staff=${only} />`
      : html`<${Grid} columns=${columns(shown, part === "rooms" ? part : only)} onBlock=${onBlock} onFree=${bookGap} />`}`;
}

/** @param {Day} it @param {string} part a person, "rooms", or "" for everybody */
function columns(it, part) {
  const people = it.staff.filter((one) => !part || part === "rooms" || one.id === part);
  if (part === "rooms") {
    return it.rooms.map((room) => ({ key: room.id, title: room.name, staff: "", on: it.on, isRoom: true, hours: [], off: [], gaps: [], blocks: [],
      visits: it.appointments.filter((visit) => visit.room === room.id), holds: it.holds.filter((hold) => hold.room === room.id) }));
  }
  return people.map((one) => ({ key: one.id, title: one.name, staff: one.id, on: it.on, hours: one.hours, off: one.off, busy: one.busy,
    href: `/desk?${new URLSearchParams({ view: "week", who: one.id, on: it.on })}`,
    visits: it.appointments.filter((visit) => visit.staff === one.id), blocks: it.blocks.filter((block) => block.staff === one.id),
    holds: it.holds.filter((hold) => hold.staff === one.id), gaps: it.gaps.filter((gap) => gap.staff === one.id) }));
}

/** @param {{on: string, onBlock: (block: any) => void}} its */
function Week({ on, onBlock }) {
  const week = useSignal(/** @type {any} */ (null)), wrong = useSignal("");
  const who = address.value.searchParams.get("who"), from = monday(on);
  const everybody = day.value?.staff ?? [], staff = who || me.value?.staff || everybody[0]?.id || "";
  useEffect(() => {
    if (!day.value) void showDay(on);
  }, []);
  const load = () => {
    [week.value, wrong.value] = [null, ""];
    if (staff) get(`/v1/desk/week?${new URLSearchParams({ staff, from })}`).then((found) => (week.value = found), (error) => (wrong.value = explained(error)));
  };
  useEffect(load, [staff, from, day.value]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (!week.value) return html`<${Skeleton} rows=${8} />`;
  return html`<nav class="who" aria-label=${t("day.who")}>${everybody.map((one) => html`<a key=${one.id} class="chip-link" aria-current=${one.id === staff ? "true" : undefined} href=${asking({ who: one.id })}>${one.name}</a>`)}</nav>
    <${Grid} onBlock=${onBlock} onFree=${bookGap} columns=${week.value.days.map((/** @type {any} */ it) => ({
      key: it.on, title: dayShort(it.on), href: `/desk?on=${it.on}`, staff, on: it.on, visits: it.appointments, blocks: it.blocks, holds: [], hours: it.hours, off: it.off, busy: it.busy, gaps: [],
    }))} />`;
}
