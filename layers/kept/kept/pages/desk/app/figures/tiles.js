/** The numbers at a glance: what each is of, what the owner wants it to be, and how it was before. */

import { html } from "htm/preact";
import { asked, found } from "desk/figures/asked";
import { count, days, of, percent, points, shown } from "desk/figures/said";
import { named, t } from "desk/words";

/** In their order, each with the list behind it. @type {[string, string | null][]} */
export const TILES = [
  ["booked", "booked"], ["came", "came"], ["no_show", "no_show"], ["late", "late"], ["cancelled", "cancelled"], ["cancelled_late", "cancelled_late"], ["moved_late", "moved_late"], ["rescued", "rescued"], ["won_back", "won_back"], ["confirmed", "confirmed"],
  ["fill", null], ["revenue", "came"], ["lead", null], ["attainment", "missed"], ["satisfaction", "rated"],
];
/** Of these less is better. */
const LESS = new Set(["no_show", "late", "cancelled", "cancelled_late", "moved_late"]);

/** @param {{open: (figure: string) => void}} its */
export const Tiles = ({ open }) => html`<ul class="tiles" aria-label=${t("figures.tiles")}>${TILES.map(([figure, list]) => html`<li key=${figure} class="tile"><${Tile} figure=${figure} list=${list} open=${open} /></li>`)}</ul>`;

/** @param {{figure: string, list: string | null, open: (figure: string) => void}} its */
function Tile({ figure, list, open }) {
  const { total, currency } = found.value, big = shown(figure, total, currency), what = of(figure, total);
  return html`<h2>${named("figure", figure)}</h2>
    ${list ? html`<button type="button" class="number plain" id="tile-${figure}" aria-label="${named("figure", figure)}: ${big}. ${t("figures.show_list")}" onClick=${() => open(list)}>${big}</button>` : html`<p class="number">${big}</p>`}
    ${what && html`<p class="about">${what}</p>`}
    <${Target} figure=${figure} /><${Trend} figure=${figure} />`;
}

/** @param {{figure: string}} its */
function Target({ figure }) {
  const wanted = found.value.targets[figure], it = found.value.total[figure];
  if (!wanted || it.ratio === null) return null;
  const is = it.ratio * 100 >= wanted;
  return html`<p class=${is ? "target reached" : "target short"}>${t(is ? "figures.reached" : "figures.short", { target: percent(wanted / 100), points: count(Math.ceil(wanted - it.ratio * 100)) })}</p>`;
}

/** Against as many days right before. @param {{figure: string}} its */
function Trend({ figure }) {
  const { total, before, change, too_few: few, currency } = found.value, was = before.numbers[figure], now = total[figure];
  if (was === null || typeof was === "number") return was ? html`<p class="trend">${t("figures.was", { value: shown(figure, before.numbers, currency), days: days(before) })}</p>` : null;
  if (!was.whole || !now.whole) return null;
  if (figure !== "fill" && change[figure] === null) return html`<p class="trend few">${t("figures.too_few", { n: count(Math.min(was.whole, now.whole)), few: count(few) })}</p>`;
  const by = change[figure] ?? now.ratio - was.ratio, better = Math.abs(by) < 0.005 ? "" : by > 0 !== LESS.has(figure) ? " better" : " worse";
  return html`<p class="trend${better}">${t("figures.points", { points: points(by), days: days(before) })}</p>`;
}

/** What reminders do, with how many it is of. */
export function Reminders() {
  const { reminders } = found.value.total, { too_few: few } = found.value;
  const line = (/** @type {string} */ key, /** @type {any} */ it) => html`<li>${t(key, { share: percent(it.ratio), part: count(it.part), whole: count(it.whole) })}</li>`;
  return html`<section class="figure-box"><h2>${t("figures.reminders")}</h2><ul>${line("figures.reminded", reminders.reminded)}${line("figures.others", reminders.others)}</ul>
    <p class="about">${reminders.difference === null ? t("figures.too_few", { n: count(Math.min(reminders.reminded.whole, reminders.others.whole)), few: count(few) }) : t("figures.difference", { points: points(reminders.difference) })}</p></section>`;
}

/** @param {{open: (figure: string) => void}} its */
export function Messages({ open }) {
  const { messages } = found.value.total;
  const one = (/** @type {string} */ figure) => html`<li><button type="button" class="plain" id="said-${figure}" onClick=${() => open(figure)}>${t(`figures_said.${figure}`, { n: count(messages[figure]) })}</button></li>`;
  return html`<section class="figure-box"><h2>${t("figures.messages")}</h2><ul>${["sent", "failed", "not_sent"].map(one)}<li>${t("figures.parts", { n: count(messages.parts) })}</li></ul><p class="about">${t("figures.no_cost")}</p></section>`;
}

/** Which days, by what: links and fields that change the address. @param {{change: (asked: Record<string, string | null>) => void, spans: [string, string][]}} its */
export function Choosing({ change, spans }) {
  const { from, to, by, group } = asked();
  const select = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string[]} */ among) => html`<label>${t(`figures_by.${name}`)}<select id="figures-${name}" value=${value} onChange=${(/** @type {any} */ event) => change({ [name]: event.target.value })}>
    ${among.map((it) => html`<option key=${it} value=${it} selected=${it === value}>${named("figures_each", it)}</option>`)}</select></label>`;
  const day = (/** @type {string} */ name, /** @type {string} */ value) => html`<label>${t(`figures_by.${name}`)}<input id="figures-${name}" type="date" required value=${value} onChange=${(/** @type {any} */ event) => event.target.value && change({ [name]: event.target.value })} /></label>`;
  return html`<form class="filters" role="search" aria-label=${t("figures.which")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <div class="choices">${spans.map(([key, since]) => html`<button key=${key} type="button" class="button" id="figures-${key}" aria-pressed=${from === since ? "true" : "false"} onClick=${() => change({ from: since, to: null })}>${t(`figures_span.${key}`)}</button>`)}</div>
    ${day("from", from)}${day("to", to)}${select("by", by, ["day", "week", "month"])}${select("group", group, ["staff", "service", "channel", "source", "tier"])}</form>`;
}
