/** Whose calendar lies open; what is in it comes when it is opened. */

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { colleagues, me } from "desk/business";
import { Drawer } from "desk/drawer";
import { Later } from "desk/later";
import { t } from "desk/words";

/** Nothing where it is shut. @type {import("@preact/signals").Signal<{kind: "staff" | "clients", id: string, name?: string} | null>} */
export const calendarOf = signal(null);

/** Of whoever is signed in, or of the first whom they lead. */
export const openMine = () => (calendarOf.value = { kind: "staff", id: me.value?.staff || (Object.keys(colleagues())[0] ?? "") });

const calendars = () => import("desk/calendar/calendars").then((it) => it.Calendars);

export function CalendarDrawer() {
  const its = calendarOf.value;
  if (!its) return null;
  const title = its.kind === "clients" ? t("calendar.of", { name: its.name ?? "" }) : t(its.id === me.value?.staff ? "calendar.mine" : "calendar.title");
  return html`<${Drawer} title=${title} onClose=${() => (calendarOf.value = null)}><${Later} from=${calendars} folder="calendar" name="calendar.title" its=${its} /><//>`;
}
