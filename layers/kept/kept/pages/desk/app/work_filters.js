/** What of the board is looked at; it stands in the address. */

import { html } from "htm/preact";
import { colleagues, me } from "desk/business";
import { address, asking, go } from "desk/route";
import { FAILED, TO_CALL } from "desk/work_store";
import { named, t } from "desk/words";

const CAUSES = [...new Set(["no_show", "unread_reply", "complaint", "enquiry", "declined_recall", "form", "manual", "attendance_question", "time_taken", "asked_for", "payment", "dispute", "owed", "fading", "terms_review", ...TO_CALL, ...FAILED])];
/** @type {Record<string, string[]>} */
const CHOICES = { cause: CAUSES, tier: ["vip", "regular", "prospect"], priority: ["urgent", "normal", "low"] };

/** @param {{tab: string}} its */
export function WorkFilters({ tab }) {
  const asked = address.value.searchParams, staff = me.value?.staff ?? "", all = Object.entries(colleagues());
  const whose = [["", t("work.nobodys")], ...(staff && !(staff in colleagues()) ? [[staff, t("work.me")]] : []), ...all.map(([id, name]) => [id, id === staff ? t("work.me") : name])];
  return html`<form class="filters" role="search" aria-label=${t("filter.name")} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    ${choice("assignee", whose.map(([id, name]) => [id || "nobody", name]))}
    ${tab === "board" && html`${Object.entries(CHOICES).map(([name, values]) => choice(name, values.map((value) => [value, named(name, value)])))}
      ${choice("status", ["open", "answered"].map((value) => [value, t(`filter_status.${value}`)]))}
      <label class="choice"><input type="checkbox" checked=${asked.get("missed") === "true"} onChange=${(/** @type {any} */ event) => go(asking({ missed: event.target.checked ? "true" : null }))} /> ${t("filter.missed")}</label>`}
  </form>`;
}

/** @param {string} name @param {string[][]} values with what they are called */
function choice(name, values) {
  const asked = address.value.searchParams, chosen = asked.has(name) ? asked.get(name) || "nobody" : "";
  return html`<label key=${name}>${t(`filter.${name}`)}<select id="filter-${name}" value=${chosen}
    onChange=${(/** @type {any} */ event) => go(asking({ [name]: event.target.value === "nobody" ? "" : event.target.value || null }))}>
    <option value="" selected=${!chosen}>${t("filter.any")}</option>${values.map(([value, says]) => html`<option key=${value} value=${value} selected=${value === chosen}>${says}</option>`)}</select></label>`;
}
