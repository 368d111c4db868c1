/** The terms in the form tried on the past: whom they would have cost what, next to what really happened, with the list behind each number. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { post, text } from "desk/api";
import { Drawer } from "desk/drawer";
import { money } from "desk/amounts";
import { Empty, time } from "desk/parts";
import { useActing } from "desk/acting";
import { saveFile } from "desk/figures/file";
import { dayAfter, dayName, dayOf, moment, today } from "desk/when";
import { language, many, named, sentences, t } from "desk/words";

/** @typedef {{breach: string, side: "then" | "would"}} Wanted */

const USUAL = 90, BREACHES = ["late_cancellation", "late_move", "missed"];
const count = (/** @type {number} */ n) => new Intl.NumberFormat(language.value).format(n);

/** @param {{form: any}} its */
export function DryRun({ form }) {
  const usual = dayAfter(today(), 1 - USUAL), from = useSignal(usual), to = useSignal(today()), found = useSignal(/** @type {any} */ (null)), wanted = useSignal(/** @type {Wanted | null} */ (null)), { acts, refused, isBusy } = useActing();
  const { changes } = form.whole(), body = { changes, from: from.value, to: to.value }, isOld = found.value && found.value.of !== JSON.stringify(body);
  const run = () => acts(async () => void (found.value = { ...(await post("/v1/desk/terms/dry-run", body)), of: JSON.stringify(body) }));
  const file = () => acts(async () => saveFile(`dry-run-${from.value}-${to.value}.csv`, await text("/v1/desk/terms/dry-run.csv", body)));
  /** @param {string} id @param {import("@preact/signals").Signal<string>} day */
  const field = (id, day) => html`<label class="part">${t(`dry.${id}`)}<input id="dry-${id}" type="date" value=${day.value} max=${today()} onInput=${(/** @type {any} */ event) => event.target.value && (day.value = event.target.value)} /></label>`;
  return html`<section class="dry-run" aria-label=${t("dry.title")}><h2>${t("dry.title")}</h2><p class="hint">${t("dry.does")}</p>
    <div class="pair">${field("from", from)}${field("to", to)}</div>
    <p class="deeds"><button type="button" class="button" id="dry-run" disabled=${isBusy.value} onClick=${run}>${from.value === usual && to.value === today() ? t("dry.last_days", { n: USUAL }) : t("dry.these_days")}</button>
      ${found.value && !isOld && html`<button type="button" class="plain" onClick=${file}>${t("dry.file")}</button>`}</p>
    ${refused.value && html`<div class="wrong" role="alert"><p>${refused.value}</p></div>`}
    <div role="status">${isBusy.value ? html`<p class="about">${t("dry.running")}</p>` : isOld ? html`<p class="about">${t("dry.old")}</p>` : null}</div>
    ${found.value && html`<${Outcome} its=${found.value} open=${(/** @type {Wanted} */ it) => (wanted.value = it)} />`}
    ${wanted.value && html`<${Behind} its=${found.value} wanted=${wanted.value} onClose=${() => (wanted.value = null)} />`}</section>`;
}

/** @param {{its: any, open: (it: Wanted) => void}} its */
function Outcome({ its, open }) {
  if (!its.visits) return html`<${Empty} title=${t("dry.empty")} />`;
  /** @param {string} breach @param {"then" | "would"} side */
  const cell = (breach, side) => {
    const it = its.breaches[breach][side], sums = [it.sums.map(money).join(" + ") || (it.deposits ? "" : t("dry.no_cost")), it.deposits ? many("dry.deposits", it.deposits, { sum: it.lost.map(money).join(" + ") }) : ""].filter(Boolean).join(", "), said = t("dry.said", { n: count(it.count), sums });
    return html`<td>${it.count ? html`<button type="button" class="plain" id="dry-${breach}-${side}" aria-label="${named("breach", breach)}, ${t(`dry.${side}`)}: ${said}. ${t("figures.show_list")}" onClick=${() => open({ breach, side })}>${count(it.count)}</button><small>${sums}</small>` : count(0)}</td>`;
  };
  return html`${its.left_out > 0 && html`<p class="warn">${t("dry.left_out", { n: count(its.left_out), day: dayName(dayOf(its.since)) })}</p>`}
    <p>${sentences(many("dry.of", its.visits), many("dry.clients", its.clients))}</p>
    <table><thead><tr><th scope="col">${t("dry.what")}</th><th scope="col">${t("dry.then")}</th><th scope="col">${t("dry.would")}</th></tr></thead>
      <tbody>${BREACHES.map((breach) => html`<tr key=${breach}><th scope="row">${named("breach", breach)}</th>${cell(breach, "then")}${cell(breach, "would")}</tr>`)}</tbody></table>
    <p class="about">${t("dry.as_if")}</p>`;
}

/** Whom a number counts, with what it cost and would have cost. @param {{its: any, wanted: Wanted, onClose: () => void}} its */
function Behind({ its, wanted: { breach, side }, onClose }) {
  const lines = its.lines.filter((/** @type {any} */ it) => it.breach === breach && it[side].counts), all = its.breaches[breach][side].count;
  const cost = (/** @type {any} */ it) => [it.deposit && t("dry.deposit_lost", { sum: money(it.deposit) }), it.cost && money(it.cost)].filter(Boolean).join(" + ") || t(it.counts ? "dry.no_cost" : "dry.in_time");
  return html`<${Drawer} title="${named("breach", breach)} · ${t(`dry.${side}`)}" onClose=${onClose}>
    <p class="about">${many("figures.lines", all)}${all > lines.length ? ` ${t("figures.first_of", { n: count(lines.length) })}` : ""}</p>
    <ol class="cards">${lines.map((/** @type {any} */ it) => html`<li class="row" key=${it.appointment}><a class="row-open" href="/desk/appointments/${encodeURIComponent(it.appointment)}">${time(it.start, moment)} <strong class="name">${it.client_name || t("figures.forgotten")}</strong>
      <span class="about">${[it.service_name, it.staff_name, it.at && t("dry.at", { when: moment(it.at) })].filter(Boolean).join(" · ")}</span>
      <span class="both">${t("dry.both", { then: cost(it.then), would: cost(it.would) })}</span></a></li>`)}</ol><//>`;
}
