/** People and rooms as they stand in the calendar: what they are called, and what goes with each. */

import { html } from "htm/preact";
import { OwnCalendar } from "desk/calendar/own_calendar";
import { icon } from "desk/icon";
import { Empty } from "desk/parts";
import { address, go } from "desk/route";
import { SettingsForm } from "desk/settings/form";
import { WEEK } from "desk/settings/hours_week";
import { newId } from "desk/settings/new_id";
import { Back } from "desk/settings/settings_parts";
import { catalog } from "desk/settings/settings_store";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/settings_store").Thing} Thing */
/** @typedef {{kind: "staff" | "rooms", part: string, groups: () => import("desk/settings/form").Group[], fresh: Thing}} Listed */

const NINE_TO_SIX = Object.fromEntries(WEEK.map((day, n) => [day, n < 5 ? ["09:00-18:00"] : []]));

/** @type {Listed} */
export const PEOPLE = {
  kind: "staff", part: "people", fresh: { name: "", hours: { weekly: NINE_TO_SIX, overrides: {}, time_off: [] } },
  groups: () => [
    { title: "person", fields: [{ at: "name", as: "text", needed: true, most: 100 }, { at: "names", as: "names", quiet: true }, { at: "email", as: "text", type: "email" }] },
    { title: "work", fields: [{ at: "role", as: "one", among: ["staff", "manager", "owner"], said: (/** @type {string} */ it) => named("level", it) }, { at: "stand_in", as: "thing", kind: "staff" }] },
  ],
};
/** @type {Listed} */
export const ROOMS = {
  kind: "rooms", part: "rooms", fresh: { name: "", hours: null },
  groups: () => [
    { title: "room", fields: [{ at: "name", as: "text", needed: true, most: 100 }, { at: "names", as: "names", quiet: true }] },
    { title: "open", fields: [{ at: "hours", as: "hours_if_any" }] },
  ],
};

export const People = () => html`<${List} of=${PEOPLE} />`;
export const Rooms = () => html`<${List} of=${ROOMS} />`;

/** @param {{of: Listed}} its */
function List({ of }) {
  const here = `/desk/settings/${of.part}`, open = address.value.searchParams.get("open"), all = catalog.value?.[of.kind] ?? [];
  const at = (/** @type {string} */ id) => `${here}?open=${encodeURIComponent(id)}`;
  if (open) return html`<${One} key=${open} of=${of} id=${open} here=${here} />`;
  return html`<p class="deeds"><a class="main" href=${at("new")}>${icon("plus")} ${named("part_new", of.part)}</a></p>
    ${all.length ? html`<ul class="cards">${all.map((it) => html`<li key=${it.id}><div class="row"><a class="row-open" href=${at(it.id)}><span class="name">${it.name}</span> <span class="when">${doing(of.kind, it.id)}</span></a>
      ${of.kind === "staff" && html`<span class="row-state"><a class="button" href="/desk/settings/hours?who=${encodeURIComponent(it.id)}" aria-label="${named("part", "hours")}: ${it.name}">${icon("clock")} ${named("part", "hours")}</a></span>`}</div></li>`)}</ul>`
      : html`<${Empty} title=${named("part_none", of.part)} />`}`;
}

/** The services that they do, or that need it. @param {"staff" | "rooms"} kind @param {string} id */
const doing = (kind, id) => (catalog.value?.services ?? []).filter((it) => !it.archived && it[kind].includes(id)).map((it) => it.name).join(", ");

/** @param {{of: Listed, id: string, here: string}} its */
function One({ of, id, here }) {
  const there = catalog.value?.[of.kind].find((it) => it.id === id), isNew = id === "new";
  if (!isNew && !there) return html`<${Empty} title=${t("settings.unknown")}><a class="button" href=${here}>${t("settings.back")}</a><//>`;
  const fresh = isNew ? { ...catalog.value?.defaults[of.kind], ...of.fresh } : undefined, services = catalog.value?.services ?? [];
  return html`<${Back} href=${here} />
    <h2>${there?.name ?? named("part_new", of.part)}</h2>
    <${SettingsForm} kind=${of.kind} id=${id} groups=${of.groups()} fresh=${fresh} made=${(/** @type {Thing} */ it) => newId(it.name, of.kind)} name=${(/** @type {Thing} */ it) => it.name || named("part", of.part)} onSaved=${() => go(here)} />
    ${there && html`<section class="setting-box"><h2>${t("people.services")}</h2><p class="about">${t("people.services_text")}</p>
      <p class="deeds">${services.map((it) => html`<a class="button" key=${it.id} href="/desk/settings/services?open=${encodeURIComponent(it.id)}">${it[of.kind].includes(id) && icon("circle-check")} ${it.name}<span class="unseen">: ${t(it[of.kind].includes(id) ? "settings.yes" : "settings.no")}</span></a>`)}</p></section>
      ${of.kind === "staff" && html`<${OwnCalendar} id=${id} />`}`}`;
}
