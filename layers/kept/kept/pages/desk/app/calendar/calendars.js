/** The private address of somebody's calendar: one's own, a colleague's for who leads, a client's from their page. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, send } from "desk/api";
import { colleagues, me } from "desk/business";
import { OwnCalendar } from "desk/calendar/own_calendar";
import { calendarOf } from "desk/calendar_drawer";
import { Copyable } from "desk/settings/copyable";
import { Failed, Field, Skeleton } from "desk/parts";
import { moment } from "desk/when";
import { t } from "desk/words";

/** @param {{its: {kind: "staff" | "clients", id: string}}} open */
export function Calendars({ its }) {
  const isStaff = its.kind === "staff";
  return html`${isStaff && me.value?.leads && html`<${Whose} id=${its.id} />`}
    <p>${isStaff ? t("calendar.text") : t("calendar.text_client")}</p>
    <p class="about">${t("calendar.age")}</p>
    <${Link} key=${`${its.kind} ${its.id}`} path=${`/v1/desk/calendars/${its.kind}/${encodeURIComponent(its.id)}`} asksNames=${isStaff} />
    ${isStaff && html`<${OwnCalendar} key=${its.id} id=${its.id} />`}`;
}

/** @param {{id: string}} its */
const Whose = ({ id }) => html`<${Field} label=${t("calendar.whose")} name="calendar-whose">
  <select id="calendar-whose" value=${id} onInput=${(/** @type {any} */ event) => (calendarOf.value = { kind: "staff", id: event.target.value })}>
    ${Object.entries({ ...(me.value?.staff ? { [me.value.staff]: me.value.staff } : {}), ...colleagues() }).map(([id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}
  </select><//>`;

/** Whether there is one, and the acts; the address itself stands here once, after it was made. @param {{path: string, asksNames: boolean}} its */
function Link({ path, asksNames }) {
  const link = useSignal(/** @type {any} */ (null)), names = useSignal(false), { refused: wrong, isBusy, acts } = useActing();
  /** @param {() => Promise<any>} ask */
  const after = (ask) => acts(async () => void (link.value = await ask()));
  const look = () => after(() => get(path));
  useEffect(() => void look(), [path]);
  if (!link.value) return wrong.value ? html`<${Failed} why=${wrong.value} again=${look} />` : html`<${Skeleton} rows=${2} />`;
  const its = link.value;
  return html`
    ${its.address ? html`<${Address} its=${its} />` : its.made_at && html`<p role="status">${t("calendar.since", { moment: moment(its.made_at) })} ${its.names ? t("calendar.with_names") : ""}</p>`}
    ${asksNames && html`<label class="choice"><input type="checkbox" id="calendar-names" checked=${names.value} onInput=${(/** @type {any} */ event) => (names.value = event.target.checked)} /> ${t("calendar.names")}</label>`}
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds">
      <button type="button" class=${its.made_at ? "button" : "main"} id="calendar-make" disabled=${isBusy.value} onClick=${() => after(() => send("POST", path, asksNames ? { names: names.value } : {}))}>${its.made_at ? t("calendar.again") : t("calendar.make")}</button>
      ${its.made_at && html`<button type="button" class="button" id="calendar-end" disabled=${isBusy.value} onClick=${() => after(() => send("DELETE", path))}>${t("calendar.end")}</button>`}
    </p>`;
}

/** @param {{its: {address: string, subscribe: string}}} its */
const Address = ({ its }) => html`<${Copyable} id="calendar-address" label=${t("calendar.address")} hint=${t("calendar.once")} value=${its.address}>
  <a class="button" href=${its.subscribe}>${t("calendar.subscribe")}</a><//>`;
