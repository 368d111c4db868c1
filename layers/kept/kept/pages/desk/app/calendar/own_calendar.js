/** Somebody's own calendar, by which they are busy: its address, how old what is known of it is, and what it meets. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, send } from "desk/api";
import { done, draft } from "desk/drafts";
import { Failed, Field, Skeleton, time } from "desk/parts";
import { explained } from "desk/refusals";
import { useActing } from "desk/acting";
import { lasting, minute, moment, soon } from "desk/when";
import { many, t } from "desk/words";

/** @typedef {{host: string | null, set_at: string, read_at: string | null, tried_at: string | null, is_stale: boolean, trouble: string | null, status: number | null, unread: number, collides: number, collisions: {id: string, client_name: string, service_name: string, start: string}[]}} Own */

const LOOKS = 3_000, LOOKED = 10; // ms between two looks at what became of a reading, and how many

/** @param {{id: string}} its of whom */
export function OwnCalendar({ id }) {
  const path = `/v1/desk/calendars/staff/${encodeURIComponent(id)}/busy`, typed = draft(`own calendar ${id}`, { url: "" });
  const its = useSignal(/** @type {Own | null} */ (null)), wrong = useSignal(""), looks = useSignal(0), { refused, isBusy, acts } = useActing();
  const load = () => get(path).then((found) => void ([its.value, wrong.value] = [found, ""]), (error) => void (wrong.value = explained(error)));
  useEffect(() => void load(), [path]);
  useEffect(() => {
    if (!looks.value) return;
    const timer = setTimeout(() => load().then(() => (looks.value -= 1)), LOOKS);
    return () => clearTimeout(timer);
  }, [looks.value]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (!its.value) return html`<${Skeleton} rows=${3} />`;
  const own = its.value, url = typed.value?.url ?? "";
  /** @param {string} method @param {object} [body] */
  const does = (method, body) => acts(async () => {
    its.value = await send(method, path, body);
    looks.value = method === "DELETE" ? 0 : LOOKED;
  });
  /** @param {SubmitEvent} event */
  const save = (event) => {
    event.preventDefault();
    void does("PUT", { url }).then(() => refused.value || done(`own calendar ${id}`));
  };
  return html`<section class="setting-box"><h2>${t("busy.title")}</h2><p class="about">${t("busy.text")}</p>
    ${own.host && html`<${State} own=${own} />`}
    <form onSubmit=${save}><${Field} label=${t("busy.url")} name="busy-url" problem=${refused.value}>
      <input id="busy-url" inputmode="url" autocomplete="off" required maxlength="500" value=${url} placeholder="https://…/basic.ics" onInput=${(/** @type {any} */ event) => (typed.value = { url: event.target.value })} /><//>
      <p class="deeds"><button class=${own.host ? "button" : "main"} id="busy-use" disabled=${isBusy.value}>${t("busy.use")}</button>
        ${own.host && html`<button type="button" class="button" id="busy-again" disabled=${isBusy.value} onClick=${() => does("POST", {})}>${t("busy.again")}</button>
        <button type="button" class="button" id="busy-end" disabled=${isBusy.value} onClick=${() => does("DELETE")}>${t("busy.end")}</button>`}</p></form></section>`;
}

/** @param {string} at */
const ago = (at) => t("when.ago", { span: lasting(Math.max(0, minute.value - Date.parse(at)) / 60_000) });

/** @param {{own: Own}} its */
const State = ({ own }) => html`
  <p role="status" title=${own.read_at && moment(own.read_at)}>${t("busy.from", { host: own.host, read: own.read_at ? t("busy.read", { ago: ago(own.read_at) }) : t(own.trouble ? "busy.not_read" : "busy.unread_yet") })}</p>
  ${own.trouble && html`<div class="wrong" role="alert"><p>${t(`busy_trouble.${own.trouble}`, { status: own.status })}</p>
    ${(own.is_stale || !own.read_at) && html`<p>${own.read_at ? t("busy.stale", { moment: moment(own.read_at) }) : t("busy.never")}</p>`}</div>`}
  ${own.unread > 0 && html`<p class="about">${many("busy.unread", own.unread)}</p>`}
  ${own.collides > 0 && html`<p><strong>${many("busy.collides", own.collides)}</strong></p>
    <ul class="cards">${own.collisions.map((it) => html`<li key=${it.id}><a class="row-open" href="/desk/appointments/${encodeURIComponent(it.id)}"><strong class="when">${time(it.start, soon)}</strong> <span class="name">${it.client_name}</span> <span class="about">${it.service_name}</span></a></li>`)}</ul>`}`;
