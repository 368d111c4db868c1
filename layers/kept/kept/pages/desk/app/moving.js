/** Moving a visit: where it would go is drawn and said with what it costs before it is final, by mouse, keys or form. */

import { computed, signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { Problem } from "desk/api";
import { moves, preview } from "desk/day_store";
import { focusOn, isLost } from "desk/focus";
import { money } from "desk/amounts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { clock, dayOf, dayShort, soon } from "desk/when";
import { staffName } from "desk/business";
import { named, sentences, t } from "desk/words";

/** @typedef {import("./types").Visit} Visit */
/** @typedef {{visit: Visit, start: number, staff: string, minutes: number, isDragged: boolean, isDropped?: boolean, forClient?: boolean}} Pending `forClient`: the client asks for it */

const SETTLED = 250; // ms without another step before the server is asked

/** What is being moved, and to where. @type {import("@preact/signals").Signal<Pending | null>} */
export const pending = signal(null);
/** Which visit that is: it stays the same from step to step. */
export const movingId = computed(() => pending.value?.visit.id);

/** @param {Visit} visit */
export const lengthOf = (visit) => (Date.parse(visit.end) - Date.parse(visit.start)) / 60_000;

/** @param {Visit} visit @param {Partial<Pending>} [to] */
export function propose(visit, to = {}) {
  const before = pending.value?.visit.id === visit.id ? pending.value : null;
  const from = before ?? { visit, start: Date.parse(visit.start), staff: visit.staff, minutes: lengthOf(visit), isDragged: false };
  pending.value = { ...from, ...to };
}

/** Whoever has gone on to another visit meanwhile is not called back. */
export function leave() {
  const left = pending.value, at = document.activeElement;
  if (!left) return;
  pending.value = null;
  const id = `visit-${left.visit.id}`, isHere = isLost() || at?.id === id || Boolean(at?.closest(".move-bar"));
  if (!isHere) return;
  if (left.isDropped) document.getElementById("visit-move")?.focus();
  focusOn(id);
}

/** @param {Pending} to */
const placeOf = ({ visit, start, staff, minutes, forClient }) => ({
  start: new Date(start).toISOString(), staff, ...(minutes !== lengthOf(visit) && { minutes }), ...(forClient && { for_client: true }),
});

/** Asked by Enter on the visit itself, too. @type {(() => Promise<void>) | null} */
let settle = null;
export const settlePending = () => settle?.();

/** What moving would do, with the two ways on. */
export function MoveBar() {
  const found = useSignal(/** @type {any} */ (null)), wrong = useSignal(""), override = useSignal(""), settling = useSignal(/** @type {Pending | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useSignalEffect(() => {
    const to = pending.value;
    if (to?.isDragged) return;
    [found.value, wrong.value] = [null, ""];
    if (!to) return;
    const timer = setTimeout(async () => {
      try {
        const said = await preview(to.visit, placeOf(to));
        if (pending.value === to) found.value = said;
      } catch (error) {
        if (pending.value === to) wrong.value = explained(error);
      }
    }, SETTLED);
    return () => clearTimeout(timer);
  });
  const to = pending.value, isDropped = Boolean(to?.isDropped);
  useEffect(() => {
    if (isDropped) button.current?.focus();
  }, [isDropped]);
  useLayoutEffect(() => {
    const bar = button.current?.closest(".move-bar"), said = found.value;
    if (!isDropped || !said || !(isLost() || bar?.contains(document.activeElement)) || document.activeElement?.matches("[type=checkbox]")) return;
    const way = said.possible ? button.current : bar?.querySelector(".choices button, .override input, .deeds .button");
    if (way instanceof HTMLElement) way.focus();
  }, [isDropped, found.value]);
  settle = async () => {
    if (!to || settling.value === to) return; // what is still on its way to the server holds up no other
    settling.value = to;
    try {
      await moves(to.visit, placeOf(to), override.value.trim());
      if (pending.value === to) leave(); // who moves another meanwhile goes on with it
    } catch (error) {
      if (pending.value !== to) return say(explained(error), { wrong: true });
      wrong.value = explained(error);
      if (error instanceof Problem && error.about.alternatives) found.value = { possible: false, overridable: false, alternatives: error.about.alternatives };
    } finally {
      if (settling.value === to) settling.value = null;
    }
  };
  useEffect(() => () => void (settle = null), []);
  if (!to) return null;
  const name = to.visit.client_name, end = to.start + to.minutes * 60_000;
  const where = t("move.to", { day: dayShort(dayOf(to.start)), from: clock(to.start), to: clock(end), staff: staffName(to.staff) });
  const said = found.value;
  return html`<section class="move-bar" aria-label=${t("move.title", { name })}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.preventDefault(), leave())}>
    <p role="status"><strong>${name}</strong> → ${where}${" "}
      <span class="about">${wrong.value || (to.isDragged ? "" : said ? consequences(said) : t("move.asking"))}</span></p>
    ${said && !said.possible && said.alternatives?.length > 0 && html`<p class="choices">${said.alternatives.map((/** @type {any} */ slot) => html`
      <button type="button" class="button" key=${slot.start} onClick=${() => propose(to.visit, { start: Date.parse(slot.start), staff: slot.staff?.includes(to.staff) ? to.staff : (slot.staff?.[0] ?? to.staff) })}>${soon(slot.start)}</button>`)}</p>`}
    ${said && !said.possible && said.overridable && html`<label class="override">${t("move.override")}
      <input value=${override.value} onInput=${(/** @type {any} */ event) => (override.value = event.target.value)} maxlength="500" /></label>`}
    <p><label class="choice"><input type="checkbox" checked=${to.forClient} onChange=${(/** @type {any} */ event) => propose(to.visit, { forClient: event.target.checked })} /> <span>${t("move.for_client")}</span></label></p>
    <p class="deeds">
      <button type="button" class="main" ref=${button} disabled=${settling.value === to || (said && !said.possible && !(said.overridable && override.value.trim()))} onClick=${() => settle?.()}>${t("move.do")}</button>
      <button type="button" class="button" onClick=${leave}>${t("move.leave")}</button>
    </p>
  </section>`;
}

/** In one line: whether it can be, what it costs, and who hears of it. @param {any} said @returns {string} */
export function consequences(said) {
  if (!said.possible) return explained(new Problem(409, { title: said.detail, taken_by: said.taken_by }));
  const cost = said.cost ? t("move.costs", { sum: money(said.cost) }) : t(said.free === false ? "move.late" : "move.free");
  const told = (said.tells ?? []).map((/** @type {any} */ it) => t("move.tells", { by: named("by", it.channel), when: it.at ? soon(it.at) : t("move.soon") }));
  return sentences(cost, said.deposit && t(`move.deposit_${said.deposit}`), said.pay_until && t("move.pay_until", { when: soon(said.pay_until) }), ...told, said.call && t("move.call"), !told.length && !said.call && t("move.nobody"));
}
