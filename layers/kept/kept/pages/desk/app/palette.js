/** Ctrl K: finds clients, the day's appointments, pages and acts by what is typed. */

import { signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { blockTime } from "desk/block_drawer";
import { book } from "desk/booking_panel";
import { me } from "desk/business";
import { RESTS, findClients } from "desk/client_search";
import { day } from "desk/day_store";
import { canHandOver, isHandingOver } from "desk/hand_over";
import { isHelpOpen } from "desk/keys";
import { go } from "desk/route";
import { shownDay } from "desk/today";
import { span } from "desk/when";
import { t } from "desk/words";

/** @typedef {{label: string, about: string, act: () => void}} Way */

export const isPaletteOpen = signal(false);
const MOST = 12, MOST_CLIENTS = 6;

/** @returns {Way[]} */
const ways = () => [
  { label: t("book.title"), about: "N", act: () => book() },
  { label: t("rail.today"), about: "T", act: () => go("/desk") },
  { label: t("rail.work"), about: "", act: () => go("/desk/work") },
  { label: t("work.inbox"), about: "", act: () => go("/desk/work?tab=inbox") },
  { label: t("rail.clients"), about: "", act: () => go("/desk/clients") },
  { label: t("day.block"), about: "", act: () => (go(`/desk?on=${shownDay()}`), blockTime(shownDay())) },
  { label: t("end.open"), about: "", act: () => go(`/desk/day-end?on=${shownDay()}`) },
  ...(canHandOver() ? [{ label: t("handover.title"), about: "", act: () => (go("/desk/work"), (isHandingOver.value = true)) }] : []),
  ...(me.value?.leads ? [{ label: t("money_day.open"), about: "", act: () => go(`/desk/money?on=${shownDay()}`) }, { label: t("day.close"), about: "", act: () => go(`/desk?on=${shownDay()}&closing=new`) }, { label: t("rail.figures"), about: "", act: () => go("/desk/figures") }, { label: t("rail.settings"), about: "", act: () => go("/desk/settings") }] : []),
  { label: t("keys.title"), about: "?", act: () => (isHelpOpen.value = true) },
  ...(day.value?.appointments ?? []).map((it) => ({ label: it.client_name, about: `${span(it)} ${it.service_name}`, act: () => go(`/desk/appointments/${encodeURIComponent(it.id)}`) })),
];

export function Palette() {
  return isPaletteOpen.value ? html`<${Open} />` : null;
}

function Open() {
  const typed = useSignal(""), active = useSignal(0), clients = useSignal(/** @type {Way[]} */ ([]));
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null)), input = useRef(/** @type {HTMLInputElement | null} */ (null)), waits = useRef("");
  useLayoutEffect(() => dialog.current?.showModal(), []); // at once: what is typed next is meant for it
  useEffect(() => {
    const asked = typed.value.trim();
    clients.value = [];
    if (!asked) return;
    const timer = setTimeout(() => findClients(asked, MOST_CLIENTS).then((found) => {
      if (asked !== typed.value.trim()) return;
      clients.value = found.map((it) => ({ label: it.name, about: it.phone_written ?? it.email ?? "", act: () => go(`/desk/clients/${encodeURIComponent(it.id)}`) }));
      if (waits.current === asked && clients.value[0]) choose(clients.value[0]);
    }, () => {}), RESTS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  const part = typed.value.trim().toLocaleLowerCase();
  const found = [...ways().filter((it) => `${it.label} ${it.about}`.toLocaleLowerCase().includes(part)), ...clients.value].slice(0, MOST);
  /** Closed by itself, so that the focus goes back first to where it was; where it was nowhere, the field would keep it for a moment. @param {Way | undefined} way */
  const choose = (way) => (dialog.current?.close(), input.current?.blur(), way?.act());
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) event.preventDefault(), (active.value = (active.value + step + found.length) % found.length);
    else if (event.key === "Escape") event.preventDefault(), choose(undefined); // a search field would be emptied first
    else if (event.key === "Enter") event.preventDefault(), found.length ? choose(found[active.value]) : (waits.current = typed.value.trim()); // for the clients, who come last
  };
  return html`<dialog class="palette" ref=${dialog} aria-label=${t("palette.name")} onClose=${() => (isPaletteOpen.value = false)} onKeyDown=${onKeyDown}>
    <label class="unseen" for="palette">${t("palette.name")}</label>
    <input id="palette" ref=${input} type="search" autofocus role="combobox" aria-expanded="true" aria-controls="palette-ways" aria-activedescendant="way-${active.value}" autocomplete="off"
      value=${typed.value} placeholder=${t("palette.hint")} onInput=${(/** @type {any} */ event) => ((typed.value = event.target.value), (active.value = 0))} />
    <ul id="palette-ways" role="listbox" aria-label=${t("palette.name")}>${found.map((it, n) => html`<li key=${n} id="way-${n}" role="option" aria-selected=${n === active.value} onClick=${() => choose(it)}>${it.label} <span class="about">${it.about}</span></li>`)}</ul>
  </dialog>`;
}
