/** Follow-ups on the screen: the list that is looked at, the one that is open beside it, and what is done about them. */

import { signal } from "@preact/signals";
import { get, post } from "desk/api";
import { lookAround } from "desk/attention";
import { me } from "desk/business";
import { isClosed } from "desk/due_badge";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { language, t } from "desk/words";

const BOARD = "/v1/desk/follow-ups", MINE = `${BOARD}/mine`;
const MOST_EMPTY = 5; // parts without a line that are gone through in search of one

/** What somebody has to telephone about, and what no message told a client. */
export const TO_CALL = ["call", "call_later", "not_told", "missed_call", "day_closed"];
export const FAILED = ["failed_message", "not_told", "wrong_number", "said_stop"];
export const FILTERS = ["assignee", "cause", "tier", "priority", "status", "missed"];

/** @typedef {{of: string, rows: any[] | null, next: Record<string, string>}} List */
/** `next` is by the path that has more. @type {import("@preact/signals").Signal<List>} */
export const list = signal(/** @type {List} */ ({ of: "", rows: null, next: {} }));
/** @type {import("@preact/signals").Signal<unknown>} */
export const failure = signal(null);
/** The one beside the list, in full. @type {import("@preact/signals").Signal<any>} */
export const opened = signal(null);

/** @param {string} id */
export const pathOf = (id) => `${BOARD}/${encodeURIComponent(id)}`;

/** @param {string} tab @param {URLSearchParams} asked what the address asks for @returns {string[]} what the API is asked for */
export function sources(tab, asked) {
  if (tab === "queue") return [MINE];
  const wanted = Object.fromEntries(FILTERS.filter((name) => asked.has(name)).map((name) => [name, asked.get(name) ?? ""]));
  const causes = { calls: TO_CALL, failed: FAILED }[tab];
  if (!causes) return [`${BOARD}?${new URLSearchParams(wanted)}`];
  return causes.map((cause) => {
    const of = new URLSearchParams({ cause, ...(tab === "calls" && { status: "open" }) });
    if (asked.has("assignee")) of.set("assignee", asked.get("assignee") ?? "");
    return `${BOARD}?${of}`;
  });
}

/** @param {string} tab @param {URLSearchParams} asked */
export async function showList(tab, asked) {
  const paths = sources(tab, asked), of = paths.join(" ");
  if (of !== list.value.of) list.value = { of, rows: null, next: {} };
  try {
    const parts = await Promise.all(paths.map((path) => part(path)));
    if (of !== list.value.of) return;
    list.value = { of, ...together(paths, parts) };
    failure.value = null;
  } catch (error) {
    if (of === list.value.of) failure.value = error;
  }
}

/** The next lines of whatever has more. */
export async function showMore() {
  const { of, next } = list.value, paths = Object.keys(next);
  try {
    const parts = await Promise.all(paths.map((path) => part(path, next[path])));
    if (of !== list.value.of) return;
    const more = together(paths, parts), known = new Set((list.value.rows ?? []).map((it) => it.id));
    list.value = { of, rows: [...(list.value.rows ?? []), ...more.rows.filter((it) => !known.has(it.id))], next: more.next };
  } catch (error) {
    say(explained(error), { wrong: true });
  }
}

/** @param {string} path @param {string} [after] @returns {Promise<{follow_ups: any[], next: string | null}>} */
async function part(path, after) {
  let found = path === MINE && !after ? await lookAround() : await get(after ? following(path, after) : path);
  for (let n = 0; n < MOST_EMPTY && found.next && !found.follow_ups.length; n++) found = await get(following(path, found.next));
  return found;
}

/** @param {string} path @param {string} after */
const following = (path, after) => `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams({ after })}`;

/** Of several lists of calls one: whom we owe first, then soonest due; what needs none comes last. @param {string[]} paths @param {{follow_ups: any[], next: string | null}[]} parts */
function together(paths, parts) {
  const rows = parts.flatMap((it) => it.follow_ups);
  if (paths.length > 1) rows.sort((a, b) => earlier(a.owed_since, b.owed_since) || earlier(a.answer_by, b.answer_by));
  return { rows, next: Object.fromEntries(paths.map((path, n) => [path, parts[n].next ?? ""]).filter(([, next]) => next)) };
}

/** @param {string | null} a @param {string | null} b */
const earlier = (a, b) => (Date.parse(a ?? "") || Infinity) - (Date.parse(b ?? "") || Infinity) || 0;

/** Whether it still belongs on the tab after what was just done. @param {any} it @param {string} tab */
export function belongs(it, tab) {
  if (isClosed(it)) return false;
  if (tab === "queue") return [me.value?.staff, it.stands_in_for].includes(it.assignee);
  return tab !== "calls" || it.status === "open";
}

/** @param {string} id @param {any} as */
function drawn(id, as) {
  if (list.value.rows) list.value = { ...list.value, rows: list.value.rows.map((it) => (it.id === id ? { ...it, ...as } : it)) };
  if (opened.value?.id === id) opened.value = { ...opened.value, ...as };
}

/** How many acts on each began or ended, and are under way: what was read meanwhile is old. @type {Map<string, {marks: number, underWay: number}>} */
const acts = new Map();
const actsOn = (/** @type {string} */ id) => acts.get(id) ?? { marks: 0, underWay: 0 };
/** @param {string} id @param {1 | -1} by */
function mark(id, by) {
  const { marks, underWay } = actsOn(id);
  acts.set(id, { marks: marks + 1, underWay: underWay + by });
}

/** Whose drawer is open; an answer about another that comes late is not shown in it. */
let beside = "";
/** @param {string} id "" for none */
export function setBeside(id) {
  beside = id;
  if (opened.value?.id !== id) opened.value = null;
}

/** As it stands now: in the list, and beside it where it is open. @param {string} id */
export async function load(id) {
  const { marks } = actsOn(id), found = await get(`${pathOf(id)}?${new URLSearchParams({ locale: language.value })}`);
  if (actsOn(id).underWay || actsOn(id).marks !== marks) return; // whoever acts reads it again
  if (beside === id) opened.value = found;
  const { to_tell: _, ...line } = found; // a line of the list knows what to say of a call, too
  drawn(id, line);
}

/** @typedef {{as?: any, says?: string, undo?: () => Promise<unknown>}} How `as` is how it stands if it is done */

/**
 * One act on a follow-up: drawn at once, and taken back with the reason if the server refuses.
 * @param {any} it @param {string} act @param {object} body @param {How} [how] @returns {Promise<boolean>}
 */
export async function does(it, act, body, { as = {}, says = t(`worked.${act}`), undo } = {}) {
  const before = Object.fromEntries(Object.keys(as).map((key) => [key, it[key]])), name = it.client_name || t("followup.nobody");
  mark(it.id, 1);
  drawn(it.id, as);
  try {
    await post(`${pathOf(it.id)}/${act}`, body);
    say(`${name}: ${says}`, { undo: undo && (async () => void (await undo())) });
    return true;
  } catch (error) {
    drawn(it.id, before);
    say(`${name}: ${explained(error)}`, { wrong: true });
    return false;
  } finally {
    mark(it.id, -1);
    void lookAround(true).catch(() => {});
    await load(it.id).catch(() => {}); // what is drawn stays; a notice says that nothing can be reached
  }
}

/** @param {any} it @param {string} until @param {string} why */
export const snooze = (it, until, why) =>
  does(it, "snooze", { until, why: why || t("snooze.why") }, { as: { phase: "snoozed", back: until }, undo: () => resume(it) });

/** @param {any} it @param {string | null} until */
export const waits = (it, until) =>
  does(it, "wait", until ? { until } : {}, { as: { phase: "waiting", back: until, turn: "theirs" }, undo: () => resume(it) });

/** @param {any} it */
export const resume = (it) => does(it, "resume", {}, { as: { phase: "open", back: null } });

/** @param {any} it @param {string} outcome @param {string} [ended] */
export const resolve = (it, outcome, ended = "settled") =>
  does(it, "resolve", { outcome, as: ended }, {
    as: { phase: "closed" }, says: ended === "settled" ? t("worked.resolve") : t("worked.ghosted"),
    undo: () => does({ ...it, phase: "closed" }, "reopen", { why: t("undo.why") }, { as: { phase: it.phase } }),
  });

/** @param {any} it @param {string} why */
export const reopen = (it, why) => does(it, "reopen", { why }, { as: { phase: "open" } });

/** @param {any} it @param {string} to @param {string} name of who gets it @param {string} why */
export const reassign = (it, to, name, why) =>
  does(it, "reassign", { to, why }, {
    as: { assignee: to }, says: t("worked.reassign", { name }),
    ...(it.assignee && { undo: () => does({ ...it, assignee: to }, "reassign", { to: it.assignee }, { as: { assignee: it.assignee }, says: t("worked.back") }) }),
  });

/** @param {any} it @param {"priority" | "tier"} what @param {string} value */
export const regrade = (it, what, value) =>
  does(it, what, { [what]: value }, { as: { [what]: value }, undo: () => does({ ...it, [what]: value }, what, { [what]: it[what] }, { as: { [what]: it[what] } }) });

/** The other is part of it from now on, and nothing parts them. @param {any} it @param {any} other */
export async function merge(it, other) {
  if (await does(it, "merge", { taken: other.id })) drawn(other.id, { phase: "closed" });
}

/** A press is a line of the history that nothing takes out again: another says what is so now. @param {any} it @param {string} outcome @param {string} note */
export const called = (it, outcome, note) =>
  does(it, "call", { outcome, ...(note && { note }) }, { says: t(`called.${outcome}`), as: outcome === "reached" ? { status: "answered", turn: "theirs" } : {} });
