/** A value of a setting in words, for its default, a choice between two, and a history. */

import { business } from "desk/business";
import { WEEK } from "desk/settings/hours_week";
import { money } from "desk/amounts";
import { catalog } from "desk/settings/settings_store";
import { lasting, moment } from "desk/when";
import { language, named, t } from "desk/words";

const DAY = 1440, MONDAY = Date.UTC(2026, 2, 2, 12);

/** A weekday in words; a date stays as it is. @param {string} day */
const dayOf = (day) => (WEEK.includes(day) ? new Intl.DateTimeFormat(language.value, { weekday: "short", timeZone: "UTC" }).format(MONDAY + WEEK.indexOf(day) * DAY * 60_000) : day);

/** @param {any} value @param {{as: string, none?: string, said?: (it: string) => string, unit?: string, kind?: "staff" | "rooms"}} field @returns {string} */
export function shown(value, field) {
  if (field.as === "minor" && value === null) return t(field.none ?? "settings.any_amount");
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return t("settings.nothing");
  switch (field.as) {
    case "yes": return t(value ? "settings.yes" : "settings.no");
    case "lasting": return value ? lasting(value) : t("settings.at_once");
    case "number": return `${new Intl.NumberFormat(language.value).format(value)}${field.unit ? ` ${t(`unit.${field.unit}`)}` : ""}`;
    case "one": return (field.said?.(value) ?? value);
    case "ordered": return value.map((/** @type {string} */ it) => field.said?.(it) ?? it).join(" › ");
    case "things": return value.map((/** @type {string} */ it) => nameOf(field.kind ?? "staff", it)).join(", ");
    case "wait_steps": return value.map((/** @type {any} */ it) => t("wait_steps.one", it)).join(" · ");
    case "lines": case "spans": return value.join(", ");
    case "money": return money(value);
    case "charge": return value.minor ? money({ minor: value.minor, currency: currency() }) : value.percent ? t("charge.of_price", { percent: value.percent }) : t("settings.nothing");
    case "rows": return value.map((/** @type {any} */ it) => [it.service && nameOf("services", it.service), it.tier && named("tier", it.tier)].filter(Boolean).join(" · ")).join("; ");
    case "minor": return money({ minor: value, currency: currency() });
    case "visit_stages": return value.map((/** @type {any} */ it) => `${it.name} (${lasting(it.minutes)})`).join(" › ");
    case "questions": return value.map((/** @type {any} */ it) => it.text).join("; ");
    case "stages": return value.map((/** @type {any} */ it) => named("stage", it.name)).join(", ");
    case "thing": return nameOf(field.kind ?? "staff", value);
    case "week": case "dates": return Object.entries(value).map(([day, spans]) => `${dayOf(day)}: ${spans.join(", ") || "–"}`).join("; ");
    case "away": return value.map((/** @type {any} */ it) => `${moment(it.starts)} – ${moment(it.ends)}`).join("; ");
    case "hours_if_any": return shown(value.weekly, { as: "week" });
    case "names": case "long_names": case "pairs": return Object.entries(value).map(([key, said]) => `${key}: ${said}`).join(", ") || t("settings.nothing");
    default: return typeof value === "string" ? value : JSON.stringify(value);
  }
}

/** @param {"staff" | "rooms" | "services"} kind @param {string} id */
export const nameOf = (kind, id) => catalog.value?.[kind].find((it) => it.id === id)?.name ?? id;

/** The largest whole unit that says it: 90 are minutes, 120 are hours. @param {number} minutes */
export const unitOf = (minutes) => (minutes && minutes % DAY === 0 ? DAY : minutes && minutes % 60 === 0 ? 60 : 1);

export const currency = () => catalog.value?.business.currency ?? "USD";
export const ownLanguage = () => business.value?.locale ?? "en";
