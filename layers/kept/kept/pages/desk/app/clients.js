/** Clients: the list, found in as one types, and the way to a new one. What tells who somebody is stays out of the address. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { book } from "desk/booking_panel";
import { ClientPage } from "desk/client_page";
import { who } from "desk/client_store";
import { draft } from "desk/drafts";
import { icon } from "desk/icon";
import { NewClient } from "desk/new_client";
import { Alerts, Empty, Failed, Skeleton, badge } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { t } from "desk/words";

/** @typedef {{id: string, name: string, phone_written: string | null, email: string | null, tier: string, do_not_disturb: boolean, alerts: string[]}} Listed */

const RESTS = 120; // ms without another letter before the server is asked
const LIMIT = "30";
/** Numbers and e-mail addresses are personal; an address is sent to colleagues and kept by browsers. */
const PERSONAL = /[\p{Nd}@＠]/u;

/** @param {{open?: string}} its */
export const Clients = ({ open }) => (open ? html`<${ClientPage} key=${open} id=${open} />` : html`<${List} />`);

function List() {
  const typed = draft("clients", ""), found = useSignal(/** @type {Listed[] | null} */ (null)), next = useSignal(/** @type {string | null} */ (null)), wrong = useSignal("");
  const inAddress = address.value.searchParams.get("q"), q = (typed.value ?? "").trim(), asked = useRef("");
  useEffect(() => {
    if (inAddress !== null) typed.value = inAddress;
    else if (!PERSONAL.test(typed.value)) typed.value = "";
  }, [inAddress]);
  useEffect(() => void (document.title = `${t("rail.clients")} – Kept`), []);
  /** @param {string | null} after */
  const load = async (after) => {
    try {
      const answer = await get(`/v1/desk/clients?${new URLSearchParams({ limit: LIMIT, ...(q && { q }), ...(after && { after }) })}`);
      if (asked.current !== q) return;
      found.value = after ? [...(found.value ?? []), ...answer.clients] : answer.clients;
      [next.value, wrong.value] = [answer.next, ""];
    } catch (error) {
      if (asked.current === q) wrong.value = explained(error);
    }
  };
  useEffect(() => {
    asked.current = q;
    const timer = setTimeout(() => load(null), found.value ? RESTS : 0);
    return () => clearTimeout(timer);
  }, [q]);
  /** @param {any} event */
  const onInput = (event) => {
    typed.value = event.target.value;
    go(asking({ q: typed.value && !PERSONAL.test(typed.value) ? typed.value : null }), { replace: true });
  };
  const isNew = address.value.searchParams.has("new"), enter = () => go(asking({ new: "1" }));
  return html`<div class="bar"><h1>${t("rail.clients")}</h1>
      <div class="clients-search"><label class="unseen" for="clients-q">${t("search.label")}</label>
        <input id="clients-q" type="search" autocomplete="off" maxlength="100" value=${typed.value} placeholder=${t("search.hint")} onInput=${onInput} /></div>
      <button type="button" class="button" id="new-client" onClick=${enter}>${icon("plus")} ${t("clients.new")}</button></div>
    ${wrong.value && html`<${Failed} why=${wrong.value} again=${() => load(null)} />`}
    ${found.value === null ? !wrong.value && html`<${Skeleton} rows=${8} />`
      : found.value.length === 0 ? html`<${Empty} title=${q ? t("clients.none_found") : t("clients.none")} text=${q ? t("clients.none_found_text") : t("clients.none_text")}>
          <button type="button" class="main" onClick=${enter}>${q ? t("search.new", { typed: q }) : t("clients.new")}</button><//>`
      : html`<ul class="cards clients" aria-label=${t("rail.clients")}>${found.value.map((it) => html`<${Row} key=${it.id} it=${it} />`)}</ul>`}
    ${next.value && found.value && html`<p><button type="button" class="button" onClick=${() => load(next.value)}>${t("clients.more")}</button></p>`}
    ${isNew && html`<${NewClient} typed=${q} onClose=${() => go(asking({ new: null }))} />`}`;
}

/** @param {{it: Listed}} its */
const Row = ({ it }) => html`<li class="row">
  <a class="row-open" id="client-${it.id}" href="/desk/clients/${encodeURIComponent(it.id)}"><strong class="name">${it.name}</strong>
    <span class="about">${[it.phone_written, it.email].filter(Boolean).join(" · ") || t("clients.no_contact")}</span></a>
  <span class="row-state">${it.do_not_disturb && html`<span class="about">${icon("moon")} ${t("quiet.on")}</span>`} ${badge("tier", it.tier)}
    <button type="button" class="plain first" onClick=${() => book({ client: who(it) })}>${t("visits.book")}</button></span>
  <${Alerts} alerts=${it.alerts} />
</li>`;
