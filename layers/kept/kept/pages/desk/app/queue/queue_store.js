/** The queue of today as the desk has it: read again every few seconds, and what is done drawn at once. */

import { signal } from "@preact/signals";
import { Problem, get, news, post } from "desk/api";
import { showDay, whileSeen } from "desk/day_store";
import { keepFocus } from "desk/focus";
import { now } from "desk/page";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { today } from "desk/when";
import { t } from "desk/words";

/** @typedef {{place: number, lower: number, upper: number, back_at: string, is_next: boolean}} Wait minutes from now */
/** @typedef {{id: string, number: number, stage: string, is_booked: boolean, name: string, phone: string, service: string, staff: string | null, appointment: string | null, came_at: string, starts_at: string | null, called_at: string | null, visit_stages: {name: string, minutes: number}[], at_stage: number | null, stage_at: string | null, wait: Wait | null, page: string}} Num */
/** @typedef {{day: string, numbers: Num[], wall: string, join: string, code: string}} Line */

const EVERY = 8_000, PATH = "/v1/desk/queue"; // ms

/** @type {import("@preact/signals").Signal<Line | null>} */
export const line = signal(null);
export const failure = signal("");
/** Why the last act on a number was refused, and whether others could have them. @type {import("@preact/signals").Signal<{id: string, why: string, isTaken: boolean} | null>} */
export const refused = signal(null);

const drawing = news();

export async function showLine() {
  const isNews = drawing.asks();
  try {
    const [found] = await Promise.all([get(PATH), showDay(today())]);
    if (isNews()) [line.value, failure.value] = [found, ""];
  } catch (error) {
    if (!line.value) failure.value = explained(error); // what is known stays on the screen
  }
}

export function watchLine() {
  void (document.visibilityState === "visible" && showLine());
  return whileSeen(showLine, EVERY);
}

/** @param {Num} it who it is, as far as they said */
export const called = (it) => it.name || it.phone || t("queue.nameless");

/** @param {string} id @param {Partial<Num>} as */
function drawn(id, as) {
  drawing.acts();
  if (line.value) line.value = { ...line.value, numbers: line.value.numbers.map((it) => (it.id === id ? { ...it, ...as } : it)) };
}

/** @type {Record<string, (more: any) => Partial<Num>>} as it will be if the server agrees */
const LEADS_TO = {
  call: () => ({ called_at: new Date(now()).toISOString() }),
  begin: () => ({ stage: "in_service", called_at: null, wait: null }),
  stage: ({ stage }) => ({ at_stage: stage, stage_at: new Date(now()).toISOString() }),
  complete: () => ({ stage: "done" }),
  leave: () => ({ stage: "left", called_at: null, wait: null }),
  back: ({ to }) => ({ stage: to, called_at: null }),
};

/** What takes it back: the act, and what it is told. @type {Record<string, (it: Num) => [string, object]>} */
const TAKEN_BACK = {
  call: () => ["back", { to: "waiting" }],
  begin: () => ["back", { to: "waiting" }],
  stage: (it) => ["stage", { stage: it.at_stage }],
  complete: () => ["back", { to: "in_service" }],
  leave: () => ["back", { to: "waiting" }],
};

/** One act on a number: drawn at once, and taken back with the reason if the server refuses. @param {Num} it @param {string} act @param {Record<string, any>} [more] */
export async function does(it, act, more = {}) {
  refused.value = null;
  drawn(it.id, LEADS_TO[act](more));
  try {
    drawn(it.id, await post(`${PATH}/${encodeURIComponent(it.id)}/${act}`, more));
    const back = TAKEN_BACK[act]?.(it), stage = it.visit_stages[more.stage]?.name;
    say(t(`queue_did.${act}`, { number: it.number, name: called(it), stage }), { undo: back && (async () => void (await does(it, ...back))) });
  } catch (error) {
    drawn(it.id, it);
    refused.value = { id: it.id, why: explained(error), isTaken: act === "begin" && error instanceof Problem && error.code === "slot_taken" };
  }
  await showLine();
  keepFocus(`number-${it.id}`);
}

/** A number for who walks in, or has come for an appointment. Raises Problem. @param {object} asked @param {() => Promise<unknown>} [before] takes back what else it did */
export async function comes(asked, before) {
  const it = /** @type {Num} */ (await post(PATH, asked));
  say(t("queue_did.come", { number: it.number, name: called(it) }), {
    undo: async () => {
      await before?.().catch((error) => say(explained(error), { wrong: true }));
      await does(it, "leave");
    },
  });
  await showLine();
}
