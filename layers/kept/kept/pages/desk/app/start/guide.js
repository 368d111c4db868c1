/** The guide of a new business: what is to be set up in which order, each left and resumed, with what is still missing. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post, send } from "desk/api";
import { book } from "desk/booking_panel";
import { business, me } from "desk/business";
import { guide, putAway, take } from "desk/guide_note";
import { icon } from "desk/icon";
import { Empty, Failed, Skeleton } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { catalog, loadCatalog } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { dayName } from "desk/when";
import { language, many, named, t } from "desk/words";

const API = "/v1/desk/guide";
const LOOKS = 2500; // ms between two looks at what became of a letter
const UNDERWAY = ["queued", "delayed", "sending"];

const load = () => get(API).then(take);

export function Guide() {
  const wrong = useSignal(""), its = guide.value, owns = me.value?.owns ?? false;
  const again = () => Promise.all([load(), loadCatalog()]).then(() => (wrong.value = ""), (error) => (wrong.value = explained(error)));
  useEffect(() => void (owns && again()), [owns]);
  useEffect(() => void (document.title = `${t("guide.title")} – Kept`), [language.value]);
  if (!owns) return html`<h1>${t("guide.title")}</h1><${Empty} title=${t("guide.not_yours")}><a class="button" href="/desk">${t("way.today")}</a><//>`;
  if (wrong.value) return html`<h1>${t("guide.title")}</h1><${Failed} why=${wrong.value} again=${again} />`;
  if (!its || !catalog.value) return html`<h1>${t("guide.title")}</h1><${Skeleton} rows=${6} />`;
  const steps = its.steps.map((it) => it.step), asked = address.value.searchParams.get("step") ?? "";
  const now = steps.includes(asked) ? asked : its.steps.find((it) => it.state === "open")?.step ?? steps[steps.length - 1];
  return html`<div class="guide"><h1>${t("guide.title")}</h1><p class="lead">${t("guide.lead")}</p>
    <ol class="guide-steps">${its.steps.map((it, n) => html`<li key=${it.step} class="guide-step is-${it.state}">
      <a href=${asking({ step: it.step })} aria-current=${it.step === now ? "step" : undefined}>${it.state === "done" && icon("circle-check")} <span>${n + 1}. ${named("guide_step", it.step)}</span> <span class="about">${named("guide_state", it.state)}</span></a></li>`)}</ol>
    <section class="setting-box" aria-labelledby="guide-step"><h2 id="guide-step">${named("guide_step", now)}</h2><p>${named("guide_text", now)}</p>
      <${Inside} step=${now} />
      <${Deeds} step=${now} steps=${steps} state=${its.steps.find((it) => it.step === now)?.state ?? "open"} /></section>
    <p class="deeds"><button type="button" class="button" onClick=${() => putAway(!its.put_away).catch((error) => say(explained(error), { wrong: true }))}>${t(its.put_away ? "guide.back" : "guide.away")}</button></p>
  </div>`;
}

/** @param {{step: string, steps: string[], state: string}} its */
function Deeds({ step, steps, state }) {
  const { refused, isBusy, acts } = useActing();
  /** @param {string} to */
  const mark = (to) => acts(async () => {
    take(await send("PUT", `${API}/steps/${step}`, { state: to }));
    if (to === "open") return;
    const next = guide.value?.steps.find((it) => it.state === "open")?.step ?? steps[steps.indexOf(step) + 1];
    if (!guide.value?.shown) say(t("guide.all_done"));
    if (next) go(`/desk/start?step=${next}`);
  });
  return html`${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}<p class="deeds">${state === "open"
    ? html`<button type="button" class="main" disabled=${isBusy.value} onClick=${() => mark("done")}>${t("guide.done")}</button><button type="button" class="button" disabled=${isBusy.value} onClick=${() => mark("skipped")}>${t("guide.skip")}</button>`
    : html`<button type="button" class="button" disabled=${isBusy.value} onClick=${() => mark("open")}>${t("guide.open")}</button>`}</p>`;
}

/** @param {string} to @param {string} says */
const leads = (to, says) => html`<a class="button" key=${to} href=${to}>${says}</a>`;
/** @param {string} part */
const part = (part) => leads(`/desk/settings/${part}`, named("part", part));

/** What is seen and done in a step. @param {{step: string}} its */
function Inside({ step }) {
  const its = guide.value, known = catalog.value;
  if (!its || !known) return null;
  switch (step) {
    case "trade": return html`<ul class="plain-list">${known.services.map((it) => html`<li key=${it.id}>${it.name} <span class="about">${t("guide.minutes", { n: it.duration })}</span></li>`)}</ul><p class="deeds">${part("services")}${part("reminders")}${part("texts")}</p>`;
    case "hours": return html`<h3>${t("guide.days")}</h3>${its.special_days.length ? html`<ul class="plain-list">${its.special_days.map((it) => html`<li key=${it.on}>${dayName(it.on)} <span class="about">${it.works_as === null ? t(its.closes_on_holidays ? "guide.closed" : "guide.holiday") : t("guide.worked")}</span></li>`)}</ul>` : html`<p class="about">${t("guide.no_days")}</p>`}
      <p class="deeds">${part("hours")}${part("business")}</p>`;
    case "people": return html`<p class="deeds">${part("people")}${leads("/desk/settings/sign_ins?open=new", t("signs.new"))}</p>`;
    case "channels": return html`<${Channels} />`;
    case "page": return html`<p><a href="/b/${business.value?.id}" target="_blank" rel="noopener">${location.origin}/b/${business.value?.id}</a></p><p class="deeds">${part("business")}${part("page")}${part("logo")}${part("attendance")}</p>`;
    default: return html`<p class="deeds">${leads(`/b/${business.value?.id}`, t("guide.as_client"))}<button type="button" class="button" onClick=${() => book()}>${t("guide.by_hand")}</button></p>`;
  }
}

function Channels() {
  const its = guide.value, isUnderway = its?.channels.some((it) => UNDERWAY.includes(it.trial?.status ?? ""));
  useEffect(() => {
    if (!isUnderway) return;
    const timer = setInterval(() => void load().catch(() => {}), LOOKS);
    return () => clearInterval(timer);
  }, [isUnderway]);
  return html`<ul class="plain-list channels-tried">${its?.channels.map((it) => html`<${Channel} key=${it.channel} it=${it} />`)}</ul>
    <p class="about">${t("guide.tried_as")}</p><p class="deeds">${part("channels")}</p>`;
}

/** What is still missing of it, and a message to oneself over it. @param {{it: import("desk/guide_note").GuideChannel}} its */
function Channel({ it }) {
  const { refused, isBusy, acts } = useActing(), name = named("way_of", it.channel);
  const tries = () => acts(async () => {
    await post(`${API}/trial`, { channel: it.channel });
    await load();
  });
  return html`<li><strong>${name}</strong>${it.missing.length ? html`<ul>${it.missing.map((what) => html`<li key=${what} class="about">${t(`guide_missing.${what}`, { name: `${it.channel}/channel_trial` })}</li>`)}</ul>` : html` <span class="about">${t("guide.nothing_missing")}</span>`}
    ${it.tries && html`<p class="deeds"><button type="button" class="button" id="try-${it.channel}" disabled=${isBusy.value} onClick=${tries}>${it.channel === "email" ? t("guide.try") : t("guide.try_to", { to: it.to || name })}</button></p>`}
    ${it.channel === "call" && html`<p class="about">${t("guide.no_call")}</p>`}
    ${refused.value && html`<p class="problem" role="alert">${refused.value}</p>`}
    <p role="status">${it.trial && html`<span class="status">${named("message", it.trial.status)}</span> ${it.trial.reason} ${it.trial.parts > 0 && many("guide.charged", it.trial.parts)}`}</p></li>`;
}
