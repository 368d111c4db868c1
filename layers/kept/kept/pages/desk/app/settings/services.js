/** Services: listed in their order under their categories, changed, made, archived and offered again. */

import { html } from "htm/preact";
import { icon } from "desk/icon";
import { money } from "desk/amounts";
import { Empty } from "desk/parts";
import { explained } from "desk/refusals";
import { address, go } from "desk/route";
import { SettingsForm } from "desk/settings/form";
import { called, does } from "desk/settings/form_state";
import { newId } from "desk/settings/new_id";
import { Questions } from "desk/settings/questions";
import { Stages } from "desk/settings/reminders";
import { nameOf } from "desk/settings/shown";
import { Back } from "desk/settings/settings_parts";
import { catalog, loadCatalog, save, thingOf } from "desk/settings/settings_store";
import { VisitStages } from "desk/settings/visit_stages";
import { say } from "desk/toasts";
import { lasting } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/settings_store").Thing} Thing */

const HERE = "/desk/settings/services", APART = 10;
/** @param {string} id */
const at = (id) => `${HERE}?open=${encodeURIComponent(id)}`;

/** @type {import("desk/settings/form").Group[]} */
export const SERVICE = [
  { title: "what", fields: [
    { at: "name", as: "text", needed: true, most: 100 }, { at: "names", as: "names", quiet: true }, { at: "category", as: "text", most: 60, list: "categories", quiet: true }, { at: "category_names", as: "names", quiet: true },
    { at: "duration", as: "number", unit: "minutes" }, { at: "price", as: "money" }] },
  { title: "done_by", fields: [{ at: "staff", as: "things", kind: "staff" }, { at: "rooms", as: "things", kind: "rooms" }] },
  { title: "how", fields: [{ at: "mode", as: "one", among: ["in_person", "video", "phone"], said: (/** @type {string} */ it) => named("mode", it) }, { at: "where", as: "text" }, { at: "prepare", as: "long" }] },
  { title: "bookable", fields: [
    { at: "before", as: "number", unit: "minutes" }, { at: "after", as: "number", unit: "minutes" }, { at: "step", as: "number", unit: "minutes" }, { at: "offset", as: "number", unit: "minutes" },
    { at: "notice", as: "lasting" }, { at: "horizon", as: "number", unit: "days", min: 1 }, { at: "daily_limit", as: "number", min: 1, unit: "times" }, { at: "useful", as: "number", min: 1, unit: "minutes" }] },
  { title: "asked", fields: [{ at: "approval", as: "yes" }, { at: "urgent", as: "yes" }] },
  { title: "shelved", fields: [{ at: "archived", as: "yes" }] },
];

export function Services() {
  const open = address.value.searchParams.get("open"), all = catalog.value?.services ?? [];
  if (open) return html`<${OneService} key=${open} id=${open} />`;
  const offered = all.filter((it) => !it.archived), archived = all.filter((it) => it.archived), categories = [...new Set(offered.map((it) => it.category))];
  return html`<p class="deeds"><a class="main" href=${at("new")}>${icon("plus")} ${t("services.new")}</a></p>
    ${!all.length && html`<${Empty} title=${t("services.none")} text=${t("services.none_text")} />`}
    ${categories.map((category) => html`<section key=${category} class="listed"><h2>${category || (categories.length > 1 ? t("services.no_category") : t("services.offered"))}</h2>
      <ul class="cards">${offered.filter((it) => it.category === category).map((it, n, those) => html`<${Row} key=${it.id} it=${it} before=${those[n - 1]} after=${those[n + 1]} />`)}</ul></section>`)}
    ${archived.length > 0 && html`<section class="listed"><h2>${t("services.archived")}</h2><p class="about">${t("services.archived_text")}</p>
      <ul class="cards">${archived.map((it) => html`<li key=${it.id}><div class="row"><a class="row-open" href=${at(it.id)}><span class="name">${it.name}</span></a><span class="row-state">${icon("archive")} ${t("services.is_archived")}</span></div></li>`)}</ul></section>`}`;
}

/** @param {{it: Thing, before?: Thing, after?: Thing}} its its neighbours in the same category */
function Row({ it, before, after }) {
  const facts = [lasting(it.duration), it.price && money(it.price), it.staff.map((/** @type {string} */ id) => nameOf("staff", id)).join(", ")].filter(Boolean).join(" · ");
  return html`<li><div class="row"><a class="row-open" href=${at(it.id)}><span class="name">${it.name}</span> <span class="when">${facts}</span></a>
    <span class="row-state"><button type="button" class="bare" disabled=${!before} aria-label=${t("settings.up", { what: it.name })} onClick=${() => before && swapped(it, before)}>${icon("arrow-up")}</button>
      <button type="button" class="bare" disabled=${!after} aria-label=${t("settings.down", { what: it.name })} onClick=${() => after && swapped(it, after)}>${icon("arrow-down")}</button></span></div></li>`;
}

/** Each in the other's place; drawn at once. @param {Thing} one @param {Thing} other */
async function swapped(one, other) {
  const before = catalog.value;
  if (!before) return;
  const what = named("part", "services");
  const listed = before.services.map((it) => (it.id === one.id ? other : it.id === other.id ? one : it)).map((it, n) => /** @type {Thing} */ ({ ...it, order: (n + 1) * APART }));
  catalog.value = { ...before, services: listed };
  if (await inOrder(listed, before.services)) say(t("settings.saved", { what }), { undo: async () => void ((await inOrder(before.services, listed)) && say(t("settings.put_back", { what }))) });
}

/** Saves those alone that have another place than they had. @param {Thing[]} wanted @param {Thing[]} were */
async function inOrder(wanted, were) {
  try {
    for (const { id, order } of wanted) {
      const now = thingOf("services", id);
      if (now && were.find((it) => it.id === id)?.order !== order) await save("services", id, { ...now, order });
    }
    return true;
  } catch (error) {
    say(explained(error), { wrong: true });
    await loadCatalog().catch(() => {});
    return false;
  }
}

/** @param {{id: string}} its */
function OneService({ id }) {
  const all = catalog.value?.services ?? [], usual = catalog.value?.defaults.services ?? {}, isNew = id === "new";
  if (!isNew && !all.some((it) => it.id === id)) return html`<${Empty} title=${t("settings.unknown")}><a class="button" href=${HERE}>${t("settings.back")}</a><//>`;
  const fresh = isNew ? { ...usual, name: "", duration: 60, staff: (catalog.value?.staff ?? []).map((it) => it.id), order: (all.length + 1) * APART } : undefined;
  return html`<${Back} href=${HERE} />
    <h2>${isNew ? t("services.new") : all.find((it) => it.id === id)?.name}</h2>
    <${SettingsForm} kind="services" id=${id} groups=${SERVICE} fresh=${fresh} made=${(/** @type {Thing} */ it) => newId(it.name, "service")} name=${(/** @type {Thing} */ it) => it.name || named("part", "services")} onSaved=${() => go(HERE)} also=${[{ at: "stages", as: "stages" }, { at: "questions", as: "questions" }, { at: "visit_stages", as: "visit_stages" }]}>
      ${(/** @type {any} */ form) => html`<${VisitStages} form=${form} /><${Questions} form=${form} service=${id} /><section><h2>${called("services", "stages")}</h2><label class="choice"><input type="checkbox" id="own-stages" checked=${!form.value("stages")} onChange=${(/** @type {any} */ event) => form.set("stages", event.target.checked ? null : (catalog.value?.business.stages ?? []))} /> <span>${does("services", "stages")}</span></label>
        ${form.value("stages") && html`<${Stages} stages=${form.value("stages")} set=${(/** @type {any[]} */ it) => form.set("stages", it)} problem=${form.problem("stages")} />`}</section>`}<//>
    <datalist id="categories">${[...new Set(all.map((it) => it.category).filter(Boolean))].map((it) => html`<option key=${it} value=${it}></option>`)}</datalist>`;
}
