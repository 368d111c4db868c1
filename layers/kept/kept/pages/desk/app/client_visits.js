/** A client's visits, coming and past, and their record in figures, each with what it is a part of and the list behind it. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { book } from "desk/booking_panel";
import { pathOf, who } from "desk/client_store";
import { Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking } from "desk/route";
import { serviceName, staffName } from "desk/business";
import { dayName, dayOf, soon } from "desk/when";
import { t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */
/** @typedef {import("./types").PastVisit} PastVisit */

const FIRST = 3; // past visits at first, so that what else there is of them is seen beside
const MORE = 20;
/** What is counted of them. */
const FIGURES = ["booked", "kept", "late", "missed", "cancelled", "cancelled_late"];

/** @param {{its: ClientRecord}} its */
export function Figures({ its }) {
  const { booked, kept, late, missed, cancelled, cancelled_late, since } = its.figures;
  if (!booked) return html`<p class="about">${t("figures.none")}</p>`;
  const asked = address.value.searchParams.get("visits");
  /** @param {string} name @param {number} n @param {number} of */
  const line = (name, n, of) => html`<li><a class="chip-link" aria-current=${asked === name ? "true" : undefined} href=${asking({ visits: asked === name ? null : name })}>${t(`figures.${name}`, { n, of })}</a></li>`;
  return html`<ul class="figures" aria-label=${t("figures.title")}>${line("booked", booked, booked)} ${line("kept", kept, booked)} ${late > 0 && line("late", late, kept)} ${line("missed", missed, booked)} ${line("cancelled", cancelled, booked)}
      ${cancelled_late > 0 && line("cancelled_late", cancelled_late, cancelled)}</ul>
    <p class="about">${since && t("figures.since", { day: dayName(dayOf(since)) })}</p>`;
}

/** @param {{its: ClientRecord}} its */
export function Visits({ its }) {
  const coming = useSignal(/** @type {PastVisit[] | null} */ (null)), past = useSignal(/** @type {PastVisit[]} */ ([])), next = useSignal(/** @type {string | null} */ (null)), wrong = useSignal("");
  const asked = address.value.searchParams.get("visits") ?? "", figure = FIGURES.includes(asked) ? asked : "";
  const shown = useRef(""), heading = useRef(/** @type {HTMLElement | null} */ (null));
  shown.current = `${its.id} ${figure}`;
  /** @param {string} [after] */
  const load = (after) => {
    const wanted = shown.current, limit = String(after || figure ? MORE : FIRST);
    return get(`${pathOf(its.id)}/visits?${new URLSearchParams({ limit, ...(after && { after }), ...(figure && { counted: figure }) })}`).then((found) => {
      if (wanted !== shown.current) return;
      if (!after) coming.value = found.coming;
      past.value = after ? [...past.value, ...found.past] : found.past;
      next.value = found.next;
      wrong.value = "";
    }, (error) => (wrong.value = explained(error)));
  };
  useEffect(() => {
    coming.value = null;
    void load().then(() => figure && heading.current?.focus());
  }, [its.id, figure]);
  return html`<section aria-labelledby="visits-title">
    <h2 id="visits-title">${t("visits.title")}</h2>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${coming.value === null ? !wrong.value && html`<${Skeleton} rows=${4} />` : html`
      ${!figure && html`<h3>${t("visits.coming")}</h3>
      ${coming.value.length ? html`<ol class="cards">${coming.value.map((it) => row(it, its))}</ol>` : html`<p class="about">${t("visits.none_coming")}</p>`}`}
      <h3 tabindex="-1" ref=${heading}>${figure ? t("visits.only", { what: t(`visits.${figure}`) }) : t("visits.past")} ${figure && html`<a href=${asking({ visits: null })}>${t("visits.all")}</a>`}</h3>
      ${past.value.length ? html`<ol class="cards">${past.value.map((it) => row(it, its))}</ol>` : html`<p class="about">${t("visits.none_past")}</p>`}
      ${next.value && html`<p><button type="button" class="button" onClick=${() => next.value && load(next.value)}>${t("visits.more")}</button></p>`}`}
  </section>`;
}

/** @param {PastVisit} visit @param {ClientRecord} its */
const row = (visit, its) => html`<li class="row small is-${visit.status}" key=${visit.id}>
  <a class="row-open" href="/desk/appointments/${encodeURIComponent(visit.id)}"><strong class="when">${time(visit.start, soon)}</strong>
    <span class="about">${t("day.what", { service: visit.service_name ?? serviceName(visit.service), person: visit.staff_name ?? staffName(visit.staff) })}</span>
    ${visit.booked_as && html` <span class="about">${t("visits.booked_as", { name: visit.booked_as })}</span>`}</a>
  <span class="row-state">${badge("status", visit.status)}${visit.status === "cancelled" && visit.late && html` <span class="about">${t("visits.too_late")}</span>`}
    <button type="button" class="plain first" onClick=${() => book({ service: visit.service, staff: visit.staff, client: who(its), after: 28, like: visit.start })}>${t("visits.again")}</button></span>
</li>`;
