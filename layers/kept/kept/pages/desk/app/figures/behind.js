/** The list behind a number: whom it counts, each with the way there. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { money } from "desk/amounts";
import { get } from "desk/api";
import { Drawer } from "desk/drawer";
import { Empty, Failed, Skeleton, time } from "desk/parts";
import { explained } from "desk/refusals";
import { found as shown } from "desk/figures/asked";
import { because } from "desk/figures/money_of_days";
import { count } from "desk/figures/said";
import { dayShort, moment } from "desk/when";
import { many, named, t, words } from "desk/words";

/** @typedef {{figure: string, from: string, to: string, group?: string, member?: string, of?: string}} Wanted */

/** Lists that are called otherwise than the number they stand behind. */
const OTHERS = new Set(["missed", "rated", "sent", "failed", "not_sent"]);
/** @param {string} figure */
const called = (figure) => (OTHERS.has(figure) ? named("behind", figure) : figure.startsWith("reason_") ? t("figures_more.cancelled_because", { reason: named("cancelled_for", figure.slice(7)) }) : named(`figure.${figure}` in words.value ? "figure" : "money_of_days", figure));

/** @param {{wanted: Wanted, onClose: () => void}} its */
export function Behind({ wanted, onClose }) {
  const found = useSignal(/** @type {any} */ (null)), wrong = useSignal(""), { of, ...query } = wanted;
  const load = () => get(`/v1/desk/figures/list?${new URLSearchParams(query)}`).then((it) => ([found.value, wrong.value] = [it, ""]), (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), []);
  const title = [called(wanted.figure), of].filter(Boolean).join(" · ");
  return html`<${Drawer} title=${title} onClose=${onClose}>
    ${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : !found.value ? html`<${Skeleton} rows=${4} />`
      : !found.value.count ? html`<${Empty} title=${t("figures.none_behind")} />`
      : html`<p class="about">${many("figures.lines", found.value.count)}${found.value.count > found.value.most ? ` ${t("figures.first_of", { n: count(found.value.most) })}` : ""}</p>
        <ol class="cards">${found.value.lines.map((/** @type {any} */ it, /** @type {number} */ n) => html`<li class="row" key=${n}><${Line} it=${it} /></li>`)}</ol>`}
  <//>`;
}

/** @param {{it: any}} its */
function Line({ it }) {
  const to = it.visit ? `/desk/appointments/${encodeURIComponent(it.visit)}` : it.follow_up ? `/desk/follow-ups/${encodeURIComponent(it.follow_up)}` : it.client ? `/desk/clients/${encodeURIComponent(it.client)}` : "";
  const inside = html`${it.start ? time(it.start, moment) : dayShort(it.day)} <strong class="name">${it.client_name ?? t("figures.forgotten")}</strong>
    <span class="about">${[it.service_name, it.staff_name, it.channel && named("by", it.channel), it.minor !== null && money({ minor: it.minor, currency: shown.value.currency }), it.cause && because(it.cause)].filter(Boolean).join(" · ")}</span>`;
  return to ? html`<a class="row-open" href=${to}>${inside}</a>` : html`<span class="row-open">${inside}</span>`;
}
