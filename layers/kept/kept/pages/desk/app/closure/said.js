/** A closed time in words: of whom, and when. */

import { staffName } from "desk/business";
import { day } from "desk/day_store";
import { dayOf, dayShort, moment, span } from "desk/when";
import { t } from "desk/words";

/** @param {{scope: string, of: string | null}} it */
export function placeName({ scope, of }) {
  if (scope === "house" || !of) return t("closure.house");
  return scope === "staff" ? staffName(of) : (day.value?.rooms.find((it) => it.id === of)?.name ?? of);
}

/** @param {{start: string, end: string}} it */
export const whenOf = (it) => (dayOf(it.start) === dayOf(it.end) ? `${dayShort(dayOf(it.start))}, ${span(it)}` : `${moment(it.start)} – ${moment(it.end)}`);
