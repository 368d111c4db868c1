/** Figures: was it a good while, what goes wrong, by whom and when; every number leads to its list. Who does not lead the business sees none of it. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { text } from "desk/api";
import { me } from "desk/business";
import { GROUPS, asked, failure, found, load, weeksAgo } from "desk/figures/asked";
import { Behind } from "desk/figures/behind";
import { Bars, Heat, Line } from "desk/figures/charts";
import { MoneyOfDays } from "desk/figures/money_of_days";
import { Reasons } from "desk/figures/reasons";
import { Table } from "desk/figures/table";
import { saveFile } from "desk/figures/file";
import { called, days, hours, of, percent, shown, value } from "desk/figures/said";
import { Choosing, Messages, Reminders, Tiles } from "desk/figures/tiles";
import { Waits } from "desk/figures/waits";
import { icon } from "desk/icon";
import { Empty, Failed, Skeleton } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { say } from "desk/toasts";
import { today } from "desk/when";
import { language, named, t } from "desk/words";

/** @typedef {import("desk/figures/behind").Wanted} Wanted */

const CHARTS = ["booked", "came", "no_show", "fill", "revenue"], COLUMNS = ["booked", "came", "no_show", "cancelled_late", "fill", "revenue", "attainment"];
/** What stands behind a figure where its own name has no list. @type {Record<string, string | null>} */
const LIST = { fill: null, revenue: "came", attainment: "missed" };

export function Figures() {
  const leads = me.value?.leads ?? false, wanted = useSignal(/** @type {Wanted | null} */ (null)), { from, to } = asked();
  useEffect(() => void (leads && load()), [address.value.search]);
  useEffect(() => void (document.title = `${t("rail.figures")} – Kept`), [language.value]);
  if (!leads) return html`<h1>${t("rail.figures")}</h1><${Empty} title=${t("figures.not_yours")} text=${t("refused.role")}><a class="button" href="/desk">${t("way.today")}</a><//>`;
  const change = (/** @type {Record<string, string | null>} */ it) => go(asking(it), { replace: true }), open = (/** @type {Partial<Wanted> & {figure: string}} */ it) => (wanted.value = { from, to, ...it });
  const spans = /** @type {[string, string][]} */ ([["week", weeksAgo(1)], ["month", weeksAgo(4)], ["quarter", weeksAgo(12)], ["year", weeksAgo(52)]]);
  return html`<div class="insight"><div class="bar"><h1>${t("rail.figures")}</h1><div class="views"><button type="button" class="button" id="figures-file" onClick=${file}>${t("figures.file")}</button><a class="button" href="/desk/money">${t("money_day.open")}</a><a class="button" href="/desk/settings/figures">${icon("settings")} ${t("figures.targets")}</a></div></div>
    <${Choosing} change=${change} spans=${spans} />
    ${failure.value ? html`<${Failed} why=${failure.value} again=${load} />` : !found.value ? html`<${Skeleton} rows=${8} />` : html`<${All} open=${open} />`}
    ${wanted.value && html`<${Behind} key=${JSON.stringify(wanted.value)} wanted=${wanted.value} onClose=${() => (wanted.value = null)} />`}</div>`;
}

/** @param {{open: (it: Partial<Wanted> & {figure: string}) => void}} its */
function All({ open }) {
  const { total, before } = found.value;
  if (!total.booked && !total.follow_ups && !total.messages.sent && !Object.values(total.money).some((it) => it.count)) return html`<${Empty} title=${t("figures.empty")} text=${t("figures.empty_text")}><a class="button" href="/desk">${t("way.today")}</a><//>`;
  return html`<p class="about">${t("figures.of_days", { days: days(found.value), before: days(before) })}</p>
    <${Tiles} open=${(/** @type {string} */ figure) => open({ figure })} />
    <div class="charts">${CHARTS.map((it) => html`<${Chart} key=${it} figure=${it} open=${open} />`)}<${Fullness} /><${Reminders} /><${Waits} /><${Messages} open=${(/** @type {string} */ figure) => open({ figure })} /><${Reasons} open=${open} /><${MoneyOfDays} open=${open} /></div>
    <${Members} open=${open} />`;
}

/** @param {{figure: string, open: (it: Partial<Wanted> & {figure: string}) => void}} its */
function Chart({ figure, open }) {
  const { periods, currency, targets, by } = found.value, name = named("figure", figure), list = figure in LIST ? LIST[figure] : figure;
  const points = periods.map((/** @type {any} */ it) => ({ label: by === "day" ? days(it) : days({ first_day: it.first_day, last_day: it.first_day }), value: value(figure, it.numbers), said: [shown(figure, it.numbers, currency), of(figure, it.numbers)].filter(Boolean).join(", ") }));
  const pick = (/** @type {number} */ n) => list && open({ figure: list, from: periods[n].first_day, to: periods[n].last_day, of: days(periods[n]) });
  const isShare = typeof periods[0].numbers[figure] === "object";
  return html`<section class="figure-box"><h2>${name}</h2>${isShare ? html`<${Line} points=${points} name=${name} target=${targets[figure] ?? null} />` : html`<${Bars} points=${points} name=${name} pick=${list ? pick : undefined} />`}
    <${Table} name=${name}><thead><tr><th scope="col">${named("figures_each", by)}</th><th scope="col">${name}</th></tr></thead>
      <tbody>${periods.map((/** @type {any} */ it, /** @type {number} */ n) => html`<tr key=${it.first_day}><th scope="row">${days(it)}</th><td>${list ? html`<button type="button" class="plain" aria-label="${days(it)}: ${points[n].said}. ${t("figures.show_list")}" onClick=${() => pick(n)}>${points[n].said}</button>` : points[n].said}</td></tr>`)}</tbody><//></section>`;
}

/** When the hours are full, and when they stand empty. */
function Fullness() {
  const { heat } = found.value, name = t("figures.heat"), said = (/** @type {any} */ it) => (it.offered ? `${percent(it.filled / it.offered)}, ${t("figures.of", { part: hours(it.filled), whole: hours(it.offered) })}` : t("figures.not_offered", { filled: hours(it.filled) }));
  return html`<section class="figure-box wide"><h2>${name}</h2>${heat.length ? html`<${Heat} heat=${heat} name=${name} said=${said} />
    <${Table} name=${name}><thead><tr><th scope="col">${t("figures.when")}</th><th scope="col">${name}</th></tr></thead>
      <tbody>${heat.map((/** @type {any} */ it) => html`<tr key="${it.weekday} ${it.hour}"><th scope="row">${named("weekday_of", String(it.weekday))} ${it.hour}:00</th><td>${said(it)}</td></tr>`)}</tbody><//>` : html`<p class="about">${t("figures.nothing")}</p>`}</section>`;
}

/** By person, service, channel, source or tier. @param {{open: (it: Partial<Wanted> & {figure: string}) => void}} its */
function Members({ open }) {
  const { members, group, currency } = found.value;
  if (!GROUPS.includes(group) || !members.length) return null;
  return html`<section class="figure-box wide"><h2 id="figures-members">${named("figures_each", group)}</h2><div class="sideways" role="region" aria-labelledby="figures-members" tabindex="0"><table>
    <thead><tr><th scope="col">${named("figures_each", group)}</th>${COLUMNS.map((it) => html`<th key=${it} scope="col">${named("figure", it)}</th>`)}</tr></thead>
    <tbody>${members.map((/** @type {any} */ it) => html`<tr key=${it.id}><th scope="row">${called(group, it)}</th>${COLUMNS.map((figure) => {
      const list = figure in LIST ? LIST[figure] : figure, big = shown(figure, it.numbers, currency), what = of(figure, it.numbers);
      return html`<td key=${figure}>${list && big !== "–" ? html`<button type="button" class="plain" aria-label="${called(group, it)}, ${named("figure", figure)}: ${big}. ${t("figures.show_list")}" onClick=${() => open({ figure: list, group, member: it.id, of: called(group, it) })}>${big}</button>` : big}${what && html`<small>${what}</small>`}</td>`;
    })}</tr>`)}</tbody></table></div></section>`;
}

async function file() {
  const query = new URLSearchParams(asked());
  try {
    saveFile(`figures-${query.get("from")}-${query.get("to") ?? today()}.csv`, await text(`/v1/desk/figures.csv?${query}`));
  } catch (error) {
    say(explained(error), { wrong: true });
  }
}
