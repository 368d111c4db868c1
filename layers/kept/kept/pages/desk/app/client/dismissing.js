/** A client is dismissed: the letter and all that ends with it are seen before; and taken back with a reason. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { pathOf, take } from "desk/client_store";
import { Drawer } from "desk/drawer";
import { Failed, Field, Skeleton, takes, time } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { many, named, t } from "desk/words";

/** @typedef {import("../types").ClientRecord} ClientRecord */
/** @typedef {{its: ClientRecord, onClose: () => void}} Its */

/** @param {Its} its */
export function DismissalDrawer({ its, onClose }) {
  const found = useSignal(/** @type {any} */ (null)), wrong = useSignal(""), why = useSignal(""), letter = useSignal(true), cancel = useSignal(true), { refused, isBusy, acts } = useActing();
  const look = () => get(`${pathOf(its.id)}/dismissal`).then((it) => ((found.value = it), (wrong.value = "")), (error) => (wrong.value = explained(error)));
  useEffect(() => void look(), [its.id]);
  const undo = () => post(`${pathOf(its.id)}/dismissal/end`, { why: t("dismissal.undone") }).then((now) => void take(now), (error) => say(explained(error), { wrong: true }));
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    void acts(async () => {
      take(await post(`${pathOf(its.id)}/dismissal`, { why: why.value, letter: letter.value && Boolean(found.value.letter), cancel: cancel.value }));
      say(t("dismissal.done", { name: its.name }), { undo });
      onClose();
    });
  };
  const it = found.value;
  return html`<${Drawer} title=${t("dismissal.of", { name: its.name })} onClose=${onClose} first="dismissal-why" wide=${true}>
    ${!it ? wrong.value ? html`<${Failed} why=${wrong.value} again=${look} />` : html`<${Skeleton} rows=${5} />` : html`<form onSubmit=${submit}>
      <p>${t("standing_does.dismissed")}</p>
      <${Field} label=${t("standing.reason")} hint=${t("dismissal.why_hint")} name="dismissal-why"><input id="dismissal-why" required maxlength="500" autocomplete="off" value=${why.value} onInput=${takes(why)} aria-describedby="dismissal-why-hint" /><//>
      <${Letter} it=${it} letter=${letter} />
      ${it.visits.length > 0 && html`<fieldset class="field"><legend>${many("dismissal.visits", it.visits.length)}</legend>
        <ul class="cards">${it.visits.map((/** @type {any} */ visit) => html`<li key=${visit.id}>${time(visit.start)} · ${visit.service_name} · ${visit.staff_name}</li>`)}</ul>
        <label class="choice"><input type="checkbox" id="dismissal-cancel" checked=${cancel.value} onChange=${(/** @type {any} */ event) => (cancel.value = event.target.checked)} /> <span>${t("dismissal.cancel")}</span></label></fieldset>`}
      <h3>${t("dismissal.ends")}</h3>
      <ul class="sentences"><li>${t("dismissal.ends_planned")}</li>${it.follow_ups.map((/** @type {any} */ one) => html`<li key=${one.id}>${t("dismissal.follow_up", { cause: named("cause", one.cause) })}</li>`)}</ul>
      ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
      <p class="deeds"><button class="main" id="dismissal-do" disabled=${isBusy.value}>${t("dismissal.do")}</button></p></form>`}
  <//>`;
}

/** As they will read it, or why nothing reaches them. @param {{it: any, letter: import("@preact/signals").Signal<boolean>}} its */
const Letter = ({ it, letter }) => it.letter ? html`<fieldset class="field"><legend>${t("dismissal.letter")}</legend>
    <label class="choice"><input type="checkbox" id="dismissal-letter" checked=${letter.value} onChange=${(/** @type {any} */ event) => (letter.value = event.target.checked)} /> <span>${t("dismissal.send", { way: named("way_of", it.letter.channel) })}</span></label>
    ${it.letter.waits && html`<p class="about">${it.letter.waits}</p>`}
    ${letter.value && html`<blockquote class="lines" id="dismissal-text" lang=${it.letter.language}>${it.letter.subject && html`<p><strong>${it.letter.subject}</strong></p>`}${it.letter.text}</blockquote>
    <p class="about">${t("dismissal.words")} <a href="/desk/settings/texts">${t("dismissal.edit")}</a></p>`}</fieldset>`
  : html`<section class="note"><p>${t("dismissal.unreached")}</p><ul class="sentences">${it.closed.map((/** @type {any} */ way) => html`<li key=${way.channel}>${named("way_of", way.channel)}: ${way.why}</li>`)}</ul></section>`;

/** @param {Its} its */
export function DismissalEndDrawer({ its, onClose }) {
  const why = useSignal(""), { refused, isBusy, acts } = useActing();
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    void acts(async () => {
      take(await post(`${pathOf(its.id)}/dismissal/end`, { why: why.value }));
      say(t("dismissal.ended", { name: its.name }));
      onClose();
    });
  };
  return html`<${Drawer} title=${t("dismissal.end_of", { name: its.name })} onClose=${onClose} first="dismissal-end-why">
    <form onSubmit=${submit}><p>${t("dismissal.end_means")}</p>
      <${Field} label=${t("standing.reason")} name="dismissal-end-why"><input id="dismissal-end-why" required maxlength="500" autocomplete="off" value=${why.value} onInput=${takes(why)} /><//>
      ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
      <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("dismissal.end")}</button></p></form>
  <//>`;
}
