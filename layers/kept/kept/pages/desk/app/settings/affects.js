/** Whom a change affects, said before it is saved: each who is booked, with the way to move them. */

import { html } from "htm/preact";
import { serviceName, staffName } from "desk/business";
import { time } from "desk/parts";
import { many, named, t } from "desk/words";

/** @param {{form: any}} its */
export function Affects({ form }) {
  const its = form.effects.value;
  return html`<div class="affects" role="status">
    ${!form.isTouched ? null : form.isAsking.value && !its ? html`<p class="about">${t("affects.asking")}</p>` : its && html`<${Effects} its=${its} />`}
  </div>`;
}

/** @param {{its: any}} its */
export function Effects({ its }) {
  const { breaks, places, local_times: { visits: shifted } } = its;
  if (!breaks.total && !places.total && !shifted.length) return html`<p class="good">${t("affects.nobody")}</p>`;
  return html`
    ${breaks.total > 0 && html`<section class="warn"><h3>${many("affects.breaks", breaks.total)}</h3><p>${t("affects.stay")}</p>
      <ul>${breaks.visits.map((/** @type {any} */ it) => html`<${Line} key=${it.id} it=${it} why=${named("broken", it.why)} />`)}</ul>
      ${breaks.total > breaks.visits.length && html`<p class="about">${t("affects.more", { n: breaks.visits.length })}</p>`}</section>`}
    ${places.total > 0 && html`<section class="warn"><h3>${many("affects.places", places.total)}</h3><p>${t("affects.untold")}</p>
      <ul>${places.visits.map((/** @type {any} */ it) => html`<${Line} key=${it.id} it=${it} why="${it.was || "–"} → ${it.place || "–"}" />`)}</ul></section>`}
    ${shifted.length > 0 && html`<section class="warn"><h3>${many("affects.shifted", shifted.length)}</h3><p>${t("affects.shifted_text")}</p></section>`}`;
}

/** @param {{it: any, why: string}} its */
const Line = ({ it, why }) => html`<li><span>${time(it.start)} · <strong>${it.client_name}</strong> · ${serviceName(it.service)} · ${staffName(it.staff)} <span class="about">${why}</span></span>
  <a class="button" href="/desk/appointments/${encodeURIComponent(it.id)}" aria-label=${t("affects.move_of", { name: it.client_name })}>${t("affects.move")}</a></li>`;
