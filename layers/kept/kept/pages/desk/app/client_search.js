/** Finding a client as one types: by name, pinyin, number or e-mail; a list that arrows and Enter choose from. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { explained } from "desk/refusals";
import { Alerts } from "desk/parts";
import { named, t } from "desk/words";

/** @typedef {{id: string, name: string, phone_written: string | null, email: string | null, tier: string, alerts: string[]}} Hit */

export const RESTS = 120; // ms without another letter before the server is asked
const SHOWN = 8;

/** @param {string} typed @param {number} limit @returns {Promise<Hit[]>} */
export const findClients = async (typed, limit) => (await get(`/v1/desk/clients?${new URLSearchParams({ q: typed.trim(), limit: String(limit) })}`)).clients;

/**
 * @param {{id: string, label: string, value: string, onInput: (typed: string) => void, onChoose: (hit: Hit) => void,
 *   onNew?: (typed: string) => void, autofocus?: boolean}} its
 */
export function ClientSearch({ id, label, value, onInput, onChoose, onNew, autofocus = false }) {
  const hits = useSignal(/** @type {Hit[]} */ ([])), active = useSignal(0), wrong = useSignal(""), isOpen = useSignal(false);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null)), asked = useRef(""), known = useRef(""), waits = useRef("");
  useEffect(() => void (autofocus && input.current?.focus()), []);
  useEffect(() => {
    asked.current = value.trim();
    if (!asked.current) return void ([hits.value, isOpen.value, known.current] = [[], false, ""]);
    const timer = setTimeout(async () => {
      try {
        const found = await findClients(value, SHOWN);
        if (asked.current !== value.trim()) return;
        [hits.value, active.value, wrong.value, known.current] = [found, 0, "", value.trim()];
        if (waits.current === value.trim()) choose(0);
      } catch (error) {
        if (asked.current === value.trim()) [hits.value, wrong.value, known.current] = [[], explained(error), value.trim()];
      }
    }, RESTS);
    return () => clearTimeout(timer);
  }, [value]);
  const count = hits.value.length + (onNew && value.trim() ? 1 : 0);
  /** @param {number} n */
  const choose = (n) => {
    isOpen.value = false;
    waits.current = "";
    const hit = hits.value[n];
    if (hit) onChoose(hit);
    else onNew?.(value.trim());
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    const typed = input.current?.value.trim() ?? ""; // ahead of what is drawn
    if (event.key === "Enter" && isOpen.value && typed && typed !== known.current) return event.preventDefault(), void (waits.current = typed); // for what was typed, not for what stood there before
    if (!isOpen.value || !count) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) event.preventDefault(), (active.value = (active.value + step + count) % count);
    else if (event.key === "Enter") event.preventDefault(), choose(active.value);
    else if (event.key === "Escape") event.preventDefault(), (isOpen.value = false);
  };
  return html`<div class="search">
    <label for=${id}>${label}</label>
    <input id=${id} ref=${input} type="search" autocomplete="off" role="combobox" aria-expanded=${isOpen.value && count > 0} aria-controls="${id}-hits"
      aria-activedescendant=${isOpen.value && count ? `${id}-${active.value}` : undefined} value=${value} maxlength="100" placeholder=${t("search.hint")}
      onInput=${(/** @type {any} */ event) => ((isOpen.value = true), onInput(event.target.value))} onFocus=${() => (isOpen.value = true)} onBlur=${() => (isOpen.value = false)} onKeyDown=${onKeyDown} />
    ${wrong.value && html`<p class="problem" role="alert">${wrong.value}</p>`}
    <ul class="hits" id="${id}-hits" role="listbox" aria-label=${label} hidden=${!isOpen.value || !count}>
      ${hits.value.map((hit, n) => html`<li key=${hit.id} id="${id}-${n}" role="option" aria-selected=${active.value === n} onPointerDown=${(/** @type {Event} */ event) => (event.preventDefault(), choose(n))}>
        <strong>${hit.name}</strong> <span class="about">${[hit.phone_written, hit.email, named("tier", hit.tier)].filter(Boolean).join(" · ")}</span><${Alerts} alerts=${hit.alerts} /></li>`)}
      ${onNew && value.trim() && html`<li key="new" id="${id}-${hits.value.length}" role="option" aria-selected=${active.value === hits.value.length}
        onPointerDown=${(/** @type {Event} */ event) => (event.preventDefault(), choose(hits.value.length))}>${t("search.new", { typed: value.trim() })}</li>`}
    </ul>
  </div>`;
}
