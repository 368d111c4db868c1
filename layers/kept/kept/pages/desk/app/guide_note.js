/** On the day of a new business: how far its guide is, for its owner, until it is done or put away. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, send } from "desk/api";
import { me } from "desk/business";
import { recall, remember } from "desk/kept_in_tab";
import { icon } from "desk/icon";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { t } from "desk/words";

/** @typedef {{step: string, state: string}} Step */
/** @typedef {{shown: boolean, put_away: boolean, steps: Step[], country: string, closes_on_holidays: boolean, special_days: {on: string, works_as: number | null}[], channels: GuideChannel[]}} Guide */
/** @typedef {{channel: string, missing: string[], tries: boolean, to: string, trial: {status: string, parts: number, reason: string, created_at: string} | null}} GuideChannel */

const NONE = "guide.none";
/** @type {import("@preact/signals").Signal<Guide | null>} */
export const guide = signal(null);

/** A tab that was told of none asks no more. @param {Guide} found */
export function take(found) {
  guide.value = found;
  remember(NONE, !found.shown);
}

/** @param {boolean} away */
export const putAway = (away) => send("PUT", "/v1/desk/guide", { away }).then(take);

export function GuideNote() {
  const owns = me.value?.owns ?? false, its = guide.value;
  useEffect(() => void (owns && !recall(NONE) && get("/v1/desk/guide").then(take, () => {})), [owns]);
  if (!owns || !its?.shown) return null;
  const left = its.steps.filter((it) => it.state === "open").length;
  const away = () => putAway(true).then(() => say(t("guide.did_away"), { undo: () => putAway(false) }), (error) => say(explained(error), { wrong: true }));
  return html`<section class="note guide-note" aria-label=${t("guide.title")}><p>${t("guide.left", { n: its.steps.length - left, all: its.steps.length })}</p>
    <p class="deeds"><a class="main" href="/desk/start">${t("guide.go_on")} ${icon("chevron-right")}</a><button type="button" class="button" onClick=${away}>${t("guide.away")}</button></p></section>`;
}
