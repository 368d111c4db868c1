/** Who waits for time to come free, in which order and why, and what they are offered. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { staffName } from "desk/business";
import { whileSeen } from "desk/day_store";
import { keepFocus } from "desk/focus";
import { Empty, Failed, Field, Skeleton, badge, takes } from "desk/parts";
import { address, asking, go } from "desk/route";
import { say } from "desk/toasts";
import { soon } from "desk/when";
import { Countdown, State, spell, waits, wishes } from "desk/waitlist/said";
import { EntryDrawer } from "desk/waitlist/entry_drawer";
import { books, failure, list, offers, passesOver, refresh, refusal, showWaitlist } from "desk/waitlist/store";
import { WaitingTabs } from "desk/waitlist/tabs";
import { NewWait } from "desk/waitlist/wish_form";
import { language, named, sentences, t } from "desk/words";

/** @typedef {import("desk/waitlist/store").Place} Place */
/** @typedef {import("desk/waitlist/store").Opening} Opening */

const EVERY = 5_000; // ms; others' acts and clients' answers are here within six seconds

export function Waitlist() {
  const asked = address.value.searchParams, opening = asked.get("opening") ?? "", entry = asked.get("entry");
  useEffect(() => {
    void showWaitlist(opening);
    return whileSeen(refresh, EVERY);
  }, [opening, language.value]);
  useEffect(() => void (document.title = `${t("rail.waitlist")} – Kept`), [language.value]);
  const close = () => go(asking({ entry: null, do: null, service: null, client: null }));
  const its = list.value, free = its?.openings.find((it) => it.id === opening);
  return html`<div class="waitlist">
    <${WaitingTabs} here="/desk/waitlist" />
    <div class="bar"><h1>${t("rail.waitlist")}</h1><a class="button main" id="add-wait" href=${asking({ do: "add", entry: null })}>${t("waitlist.add")}</a></div>
    ${failure.value && !its ? html`<${Failed} why=${failure.value} again=${refresh} />` : !its ? html`<${Skeleton} rows=${6} />` : opening ? html`<${Fitting} entries=${its.entries} free=${free} opening=${opening} />` : html`
      ${its.openings.length > 0 && html`<section aria-labelledby="free-title"><h2 id="free-title">${t("waitlist.free")}</h2>
        <ol class="cards">${its.openings.map((it) => html`<${Free} key=${it.id} it=${it} entries=${its.entries} />`)}</ol></section>`}
      <section aria-labelledby="waits-title"><h2 id="waits-title">${t("waitlist.order")}</h2>
        ${its.entries.length ? html`<ol class="cards">${its.entries.map((it) => html`<${Row} key=${it.id} it=${it} />`)}</ol>`
          : html`<${Empty} title=${t("waitlist.nobody")} text=${t("waitlist.nobody_text")}><a class="button" href=${asking({ do: "add" })}>${t("waitlist.add")}</a><//>`}</section>`}
    ${entry ? html`<${EntryDrawer} key=${entry} id=${entry} onClose=${close} />` : asked.get("do") === "add" && html`<${NewWait} onClose=${close} />`}
  </div>`;
}

/** What came free, and who has it on offer. @param {{it: Opening, entries: Place[]}} its */
function Free({ it, entries }) {
  return html`<li class="row is-free">
    <a class="row-open" href=${asking({ opening: it.id })}><strong class="name">${spell(it)}</strong> <span class="about">${staffName(it.staff)} · ${named("freed_by", it.freed_by)}</span></a>
    <span class="row-state">${it.offers.length === 0 && html`<span class="about">${it.by_hand ? t("waitlist.by_hand") : t("waitlist.not_on_offer")}</span>`}</span>
    ${it.offers.length > 0 && html`<ul class="offers">${it.offers.map((one) => html`<li key=${one.entry}>${entries.find((who) => who.id === one.entry)?.client_name} · ${soon(one.start)} <${Countdown} until=${one.until} /></li>`)}</ul>`}
    <p class="deeds"><a class="button first" href=${asking({ opening: it.id })}>${t("waitlist.who_fits")}</a></p>
  </li>`;
}

/** Whom it fits, in their order. @param {{entries: Place[], free: Opening | undefined, opening: string}} its */
function Fitting({ entries, free, opening }) {
  return html`<section aria-labelledby="fits-title">
    <p><a class="button" href=${asking({ opening: null })}>${t("waitlist.all")}</a></p>
    <h2 id="fits-title" tabindex="-1">${free ? t("waitlist.fits", { when: spell(free), staff: staffName(free.staff) }) : t("waitlist.no_more")}</h2>
    ${free && free.offers.length > 0 && html`<p class="about">${free.offers.map((it) => html`<${Countdown} key=${it.entry} until=${it.until} /> `)}</p>`}
    ${entries.length ? html`<ol class="cards">${entries.map((it) => html`<${Row} key=${it.id} it=${it} opening=${opening} />`)}</ol>`
      : html`<${Empty} title=${t("waitlist.fits_nobody")} text=${t("waitlist.fits_nobody_text")} />`}</section>`;
}

/** @param {{it: Place, opening?: string}} its */
function Row({ it, opening = "" }) {
  const { refused, isBusy, acts } = useActing(), isPassing = useSignal(false);
  const offer = () => acts(async () => {
    if (!it.fits) return;
    await (it.book_for_me ? books(it, it.fits) : offers(it, it.fits, opening)).catch((error) => say(`${it.client_name}: ${refusal(error)}`, { wrong: true }));
    keepFocus("fits-title");
  });
  return html`<li class="row">
    <a class="row-open" id="wait-${it.id}" href=${asking({ entry: it.id, do: null })}><span class="place">${it.number}</span> <strong class="name">${it.client_name || t("waitlist.forgotten")}</strong>${it.tier === "vip" && badge("tier", it.tier)}
      <span class="about">${wishes(it)}</span></a>
    <span class="row-state">${waits(it)} <${State} it=${it} /></span>
    <div class="row-call"><${Why} it=${it} />
      ${it.sooner_than && html`<p class="about">${t("waitlist.sooner")}</p>`}${it.book_for_me && html`<p class="about">${t("waitlist.for_me")}</p>`}${it.note && html`<p class="about lines">${it.note}</p>`}
      ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
      ${isPassing.value && html`<${PassOver} it=${it} opening=${opening} onDone=${() => (isPassing.value = false)} />`}</div>
    <p class="deeds">${opening ? it.fits && html`
        <button type="button" class="button first" disabled=${isBusy.value} onClick=${offer}>${t(it.book_for_me ? "waitlist.book_at" : "waitlist.offer_at", { when: soon(it.fits.start) })}</button>
        <button type="button" class="button" aria-expanded=${isPassing.value} onClick=${() => (isPassing.value = !isPassing.value)}>${t("waitlist.pass_over")}</button>`
      : html`${!it.offer && html`<a class="button first" href=${asking({ entry: it.id, do: it.book_for_me ? "book" : "offer" })}>${t(it.book_for_me ? "waitlist.book" : "waitlist.offer")}</a>`}
        <a class=${it.offer ? "button first" : "button"} href=${asking({ entry: it.id, do: "change" })}>${t("waitlist.change")}</a>`}</p>
  </li>`;
}

/** The reason for a place, and the rule behind it. @param {{it: Place}} its */
const Why = ({ it }) => html`<details class="why"><summary>${t("waitlist.why", { n: it.number })}</summary><p>${sentences(t("waitlist.because", { why: it.why }), t(`place_rule.${it.why_code}`))}</p></details>`;

/** @param {{it: Place, opening: string, onDone: () => void}} its */
function PassOver({ it, opening, onDone }) {
  const reason = useSignal(""), { refused, isBusy, acts } = useActing(), name = `pass-${it.id}`;
  useEffect(() => document.getElementById(name)?.focus(), []);
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault();
    return acts(async () => {
      await passesOver(it, opening, reason.value.trim());
      onDone();
    });
  };
  return html`<form class="panel" onSubmit=${send}><${Field} label=${t("waitlist.pass_why")} name=${name} hint=${t("waitlist.pass_hint")}><input id=${name} required maxlength="500" value=${reason.value} onInput=${takes(reason)} /><//>
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
    <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("waitlist.pass_over")}</button> <button type="button" class="button" onClick=${onDone}>${t("waitlist.leave")}</button></p></form>`;
}
