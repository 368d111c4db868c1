/** After the zone of the business was corrected: what was booked by another clock keeps its local time, or its instant. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { me } from "desk/business";
import { time } from "desk/parts";
import { catalog } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { many, named, sentences, t } from "desk/words";

/** @typedef {{id: string, was: string, start: string, done: string, told: boolean}} Visit */

const API = "/v1/desk/local-times", LEFT = ["taken", "passed"];

export function LocalTimes() {
  const its = useSignal(/** @type {{visits: Visit[], complete: boolean} | null} */ (null)), left = useSignal(/** @type {Visit[]} */ ([]));
  const { refused, isBusy, acts } = useActing(), owns = me.value?.owns ?? false, zone = catalog.value?.business.tz;
  const look = () => post(API, { try_only: true }).then((found) => void (its.value = found), () => {});
  useEffect(() => void (owns && look()), [owns, zone]);
  /** A part after the other, as long as one does anything. @param {"time" | "instant"} keep */
  const does = (keep) => acts(async () => {
    const all = /** @type {Map<string, Visit>} */ (new Map());
    let part;
    do {
      part = await post(API, { keep });
      for (const it of part.visits) all.set(it.id, it);
    } while (!part.complete && part.visits.some((/** @type {Visit} */ it) => !LEFT.includes(it.done)));
    const kept = [...all.values()].filter((it) => !LEFT.includes(it.done));
    left.value = [...all.values()].filter((it) => LEFT.includes(it.done));
    its.value = null;
    say(sentences(keep === "time" ? many("zone.did_time", kept.length) : many("zone.did_instant", kept.length), many("zone.told", kept.filter((it) => it.told).length)));
  });
  const visits = its.value?.visits ?? [], movable = visits.filter((it) => it.done !== "passed");
  if (!movable.length) return html`<${Left} visits=${left.value.length ? left.value : visits} />`;
  const n = `${movable.length}${its.value?.complete ? "" : "+"}`;
  return html`<section class="setting-box local-times" aria-labelledby="local-times"><h2 id="local-times">${t("zone.title")}</h2>
    <p>${many("zone.visits", movable.length, { n, zone })}</p>
    <ul class="plain-list"><li>${sentences(t("zone.time_text"), many("zone.would_tell", movable.filter((it) => it.told).length))}</li><li>${t("zone.instant_text")}</li></ul>
    ${refused.value && html`<div class="wrong" role="alert"><p>${refused.value}</p></div>`}
    <p class="deeds"><button type="button" class="main" id="keep-time" disabled=${isBusy.value} onClick=${() => does("time")}>${t("zone.time")}</button>
      <button type="button" class="button" id="keep-instant" disabled=${isBusy.value} onClick=${() => does("instant")}>${t("zone.instant")}</button></p></section>`;
}

/** What a person has to move. @param {{visits: Visit[]}} its */
const Left = ({ visits }) => visits.length > 0 && html`<section class="setting-box"><h2>${many("zone.left", visits.length)}</h2>
  <ul class="plain-list">${visits.map((it) => html`<li key=${it.id}><a href="/desk/appointments/${encodeURIComponent(it.id)}">${time(it.was)}</a> <span class="about">${named("zone_left", it.done)}</span></li>`)}</ul></section>`;
