/** Everything about one client on one screen: how they are reached, what is known, what was and will be, what was said. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { book } from "desk/booking_panel";
import { business, staffName } from "desk/business";
import { calendarOf } from "desk/calendar_drawer";
import { Channels, Consents } from "desk/client_consents";
import { ConsentDrawer } from "desk/consent_drawer";
import { Duplicates } from "desk/client_merge";
import { Notes } from "desk/client_notes";
import { change, client, failure, isOf, pathOf, showClient, who } from "desk/client_store";
import { Figures, Visits } from "desk/client_visits";
import { Conversation } from "desk/conversation";
import { DueBadge } from "desk/due_badge";
import { icon } from "desk/icon";
import { Later } from "desk/later";
import { TIERS } from "desk/new_client";
import { Alerts, Empty, Skeleton, badge, fact } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { named, t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */

const details = () => import("desk/client/details").then((it) => it.DetailsDrawer);
const merging = () => import("desk/client/merging").then((it) => it.MergeDrawer);
const standing = () => import("desk/client/standing").then((it) => it.StandingPart);
const money = () => import("desk/money/money").then((it) => it.Money);

/** @param {{id: string}} its */
export function ClientPage({ id }) {
  useEffect(() => void showClient(id), [id]);
  const its = client.value && isOf(client.value, id) ? client.value : null, asked = address.value.searchParams, other = asked.get("merge");
  useEffect(() => void (document.title = `${its?.name ?? t("rail.clients")} – Kept`), [its?.name]);
  if (!its) return failure.value ? html`<${Empty} title=${t("client.unknown")} text=${failure.value}><a class="button" href="/desk/clients">${t("client.all")}</a><//>` : html`<${Skeleton} rows=${8} />`;
  return html`<article class="client">
    <header class="client-head">
      <div><h1>${its.name} ${badge("tier", its.tier)}</h1>
        ${its.tags.length > 0 && html`<ul class="tags" aria-label=${named("field", "tags")}>${its.tags.map((tag) => html`<li key=${tag}>${icon("tag")} ${tag}</li>`)}</ul>`}<${Alerts} alerts=${its.alerts} /></div>
      <p class="deeds"><button type="button" class="main" onClick=${() => book({ client: who(its) })}>${icon("calendar-plus")} ${t("visits.book")}</button>
        <button type="button" class="button" onClick=${() => document.getElementById("answer-text")?.focus()}>${icon("message-circle")} ${t("client.write")}</button>
        <button type="button" class="button" id="client-calendar" onClick=${() => (calendarOf.value = { kind: "clients", id: its.id, name: its.name })}>${t("calendar.client")}</button>
        <a class="button" href=${asking({ edit: "1" })}>${t("client.edit")}</a></p>
    </header>
    <${Duplicates} its=${its} />
    <div class="client-columns">
      <div tabindex="0" role="group" aria-label=${t("client.about")}><${Contact} its=${its} /><section><h2>${t("figures.title")}</h2><${Figures} its=${its} /><${Later} from=${standing} folder="client" its=${its} /></section><${Notes} key=${id} its=${its} /></div>
      <div tabindex="0" role="group" aria-label=${t("client.history")}><${Visits} its=${its} /><${Later} from=${money} folder="money" its=${its} /><${FollowUps} id=${id} /><${Channels} its=${its} /><${Consents} key=${id} its=${its} /></div>
      <section class="client-talk" aria-labelledby="talk-title"><h2 id="talk-title">${t("client.talk")}</h2><${Conversation} id=${id} name=${its.name} client=${its} /></section>
    </div>
    ${asked.has("edit") && html`<${Later} from=${details} folder="client" key=${id} its=${its} onClose=${() => go(asking({ edit: null }))} />`}
    ${asked.has("consent") && html`<${ConsentDrawer} key=${id} its=${its} channel=${asked.get("consent")} onClose=${() => go(asking({ consent: null }))} />`}
    ${other && html`<${Later} from=${merging} folder="client" key=${other} its=${its} other=${other} onClose=${() => go(asking({ merge: null }))} />`}
  </article>`;
}

/** @param {{its: ClientRecord}} its */
const Contact = ({ its }) => html`<section aria-labelledby="contact-title"><h2 id="contact-title">${t("client.contact")}</h2>
  <dl class="facts">
    ${fact(named("field", "phone"), its.phone && html`<a href="tel:${its.phone}">${its.phone_written ?? its.phone}</a>`)}
    ${fact(named("field", "email"), its.email && html`<a href="mailto:${its.email}">${its.email}</a>`)}
    ${fact(named("channel", "wechat"), its.wechat && t("client.follows"))}
    ${fact(named("field", "locale"), named("tongue", its.locale))}
    ${fact(named("field", "preferred"), its.preferred && named("way_of", its.preferred))}
    ${fact(named("field", "zone"), its.zone !== business.value?.zone && its.zone)}
  </dl>
  <fieldset class="tiers"><legend>${named("field", "tier")}</legend><div class="chips">${TIERS.map((tier) => html`<label class="chip" key=${tier}>
    <input type="radio" name="tier" value=${tier} checked=${its.tier === tier} onChange=${() => change(its, { tier }, t("did.tier", { name: its.name, tier: named("tier", tier) }))} /><span>${named("tier", tier)}</span></label>`)}</div></fieldset>
  <p class="deeds"><button type="button" class="button" aria-pressed=${its.do_not_disturb} onClick=${() => change(its, { do_not_disturb: !its.do_not_disturb }, its.do_not_disturb ? t("did.loud", { name: its.name }) : t("did.quiet", { name: its.name }))}>${icon("moon")} ${t("quiet.on")}</button>
    ${its.do_not_disturb && html`<span class="about">${t("quiet.means")}</span>`}</p>
</section>`;

/** @param {{id: string}} its */
function FollowUps({ id }) {
  const found = useSignal(/** @type {any[] | null} */ (null)), wrong = useSignal("");
  useEffect(() => {
    found.value = null;
    get(`${pathOf(id)}/follow-ups`).then((all) => (found.value = all), (error) => (wrong.value = explained(error)));
  }, [id]);
  return html`<section aria-labelledby="follow-ups-title"><h2 id="follow-ups-title">${t("client.follow_ups")}</h2>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${found.value === null ? !wrong.value && html`<${Skeleton} rows=${1} />` : found.value.length === 0 ? html`<p class="about">${t("client.no_follow_ups")}</p>`
      : html`<ul class="cards">${found.value.map((it) => html`<li class="row small" key=${it.id}>
        <a class="row-open" href="/desk/follow-ups/${encodeURIComponent(it.id)}"><strong>${named("cause", it.cause)}</strong> <span class="about">${it.assignee && staffName(it.assignee)}</span></a>
        <span class="row-state">${badge("phase", it.phase)} ${it.answer_by && html`<${DueBadge} of=${it} />`}</span></li>`)}</ul>`}
  </section>`;
}
