/** The follow-up policy in words: what each part of it is, for its default and for its history. */

import { shown } from "desk/settings/shown";
import { lasting } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {Record<string, any>} Policy as it is sent */
/** @typedef {{tier: string | null, cause: string | null, priority: string | null, calendar: string, [target: string]: any}} Row */

export const TARGETS = ["first_response", "next_response", "resolution"];
/** Each part that is set, by its path. */
export const PARTS = ["rows", "calendars", "pausing", "longest_pause", "next_from_opening", "reopening", "thresholds", "levels", "vip_breach_at_any_hour", "assignment", "ladder.rungs", "ladder.writes", "ladder.over", "ladder.patience", "plans"];

/** @param {string} at */
export const called = (at) => named("policy_part", at);
/** @param {number} minutes */
const after = (minutes) => (minutes ? lasting(minutes) : t("policy.at_once"));
/** @param {Row} row */
const whose = (row) => [row.tier && named("tier", row.tier), row.cause && named("cause", row.cause), row.priority && named("priority", row.priority)].filter(Boolean).join(", ") || t("policy.everybody");
/** @param {string} calendar */
export const goesBy = (calendar) => (calendar ? calendarName(calendar) : t("policy.around_the_clock"));
/** The first that is made is named by us. @param {string} id */
export const calendarName = (id) => named("policy_calendar", id);

/** @type {Record<string, (value: any) => string>} */
const SAID = {
  rows: (rows) => rows.map((/** @type {Row} */ row) => `${whose(row)}: ${TARGETS.filter((it) => row[it] !== null).map((it) => `${named("target", it)} ${lasting(row[it])}`).join(", ") || t("policy.no_clock")} (${goesBy(row.calendar)})`).join("; "),
  calendars: (calendars) => Object.entries(calendars).map(([id, it]) => `${calendarName(id)} (${it.tz}): ${shown(it.weekly, { as: "week" })}`).join("; "),
  pausing: (clocks) => clocks.map((/** @type {string} */ it) => named("policy_clock", it)).join(", "),
  longest_pause: lasting,
  reopening: (it) => named("reopening", it),
  thresholds: (those) => those.map(reminded).join(", "),
  levels: (levels) => levels.map((/** @type {any} */ it) => `${named("level", it.role)} ${after(it.after)}`).join(" › "),
  assignment: (it) => named("assignment", it),
  "ladder.rungs": (rungs) => rungs.map(after).join(", "),
  "ladder.patience": lasting,
  "ladder.writes": (texts) => texts.map((/** @type {string} */ it) => (it ? named("stage", it) : t("policy.by_hand"))).join(", "),
  "ladder.over": (channels) => channels.map((/** @type {string} */ it) => (it ? named("channel", it) : t("policy.their_channel"))).join(", "),
  plans: (plans) => Object.entries(plans).map(([cause, steps]) => `${named("cause", cause)}: ${steps.map((/** @type {any} */ it) => named("step", it.name)).join(" › ") || t("settings.nothing")}`).join("; "),
};

/** @param {any} it one reminder */
export const reminded = (it) => (it.percent !== null ? t("policy.percent", { n: it.percent }) : t(it.minutes_before !== null ? "policy.before" : "policy.behind", { span: lasting(it.minutes_before ?? it.minutes_after) }));

/** @param {string} at @param {any} value @returns {string} */
export const said = (at, value) => (typeof value === "boolean" ? shown(value, { as: "yes" }) : SAID[at]?.(value) || t("settings.nothing"));
