/** How a client stands by their record, why, until when; and what a person says instead. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, send } from "desk/api";
import { colleagues, me } from "desk/business";
import { DismissalDrawer, DismissalEndDrawer } from "desk/client/dismissing";
import { pathOf, take } from "desk/client_store";
import { Drawer } from "desk/drawer";
import { Field, badge } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { dayName, dayOf, instant } from "desk/when";
import { named, sentences, t } from "desk/words";

/** @typedef {import("../types").ClientRecord} ClientRecord */

const STANDINGS = ["good", "deposit_required", "restricted"];

/** @param {{its: ClientRecord}} its */
export function StandingPart({ its }) {
  const isOpen = useSignal(false), isEnding = useSignal(false), { standing, why, by_record, eases_at, set } = its.standing, isGone = standing === "dismissed", leads = me.value?.leads ?? false;
  const day = (/** @type {string} */ at) => dayName(dayOf(at));
  return html`<div class="standing" id="standing">
    <p>${t("standing.is")} ${badge("standing", standing)}</p>
    ${why && html`<p class="about">${sentences(t("standing.why", { why }), set && t("standing.by", { who: colleagues()[set.by] ?? set.by, day: day(set.at) }), eases_at && t(set ? "standing.until" : "standing.eases", { day: day(eases_at) }), set && by_record !== standing && t("standing.record", { standing: named("standing", by_record) }))}</p>`}
    ${its.standing.early && html`<p class="about" id="standing-early">${sentences(t("standing.why", { why: its.standing.early }), its.standing.early_until && t("standing.chooses_first", { day: day(its.standing.early_until) }))}</p>`}
    <p class="deeds">${!isGone && html`<button type="button" class="button" id="standing-open" onClick=${() => (isOpen.value = true)}>${t("standing.change")}</button>`}
      ${set && !isGone && html`<button type="button" class="plain" onClick=${() => ends(its)}>${t("standing.end")}</button>`}
      ${leads && html`<button type="button" class=${isGone ? "button" : "plain"} id="dismissal-open" onClick=${() => (isEnding.value = true)}>${t(isGone ? "dismissal.end" : "dismissal.begin")}</button>`}</p>
    ${isOpen.value && html`<${StandingDrawer} its=${its} onClose=${() => (isOpen.value = false)} />`}
    ${isEnding.value && html`<${isGone ? DismissalEndDrawer : DismissalDrawer} its=${its} onClose=${() => (isEnding.value = false)} />`}
  </div>`;
}

/** For whoever books for them: nothing where all is well, or where it cannot be told now. @param {{id: string}} its */
export function StandingWarning({ id }) {
  const found = useSignal(/** @type {ClientRecord["standing"] | null} */ (null));
  useEffect(() => {
    let isOld = false;
    found.value = null;
    get(pathOf(id)).then((its) => isOld || (found.value = its.standing), () => undefined);
    return () => void (isOld = true);
  }, [id]);
  const it = found.value;
  return it && it.standing !== "good" ? html`<p class="note" role="status" id="book-standing">${badge("standing", it.standing)} ${sentences(t("standing.why", { why: it.why }), t(`standing_does.${it.standing}`))}</p>` : null;
}

/** @param {ClientRecord} its */
const ends = (its) => send("DELETE", `${pathOf(its.id)}/standing`).then((now) => (take(now), say(t("did.standing_ended", { name: its.name }))), (error) => say(explained(error)));

/** @param {{its: ClientRecord, onClose: () => void}} its */
function StandingDrawer({ its, onClose }) {
  const to = useSignal(its.standing.standing), why = useSignal(""), until = useSignal(""), { refused: wrong, acts } = useActing();
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    void acts(async () => {
      take(await send("PUT", `${pathOf(its.id)}/standing`, { standing: to.value, why: why.value, until: until.value ? instant(until.value, "00:00") : null }));
      say(t("did.standing", { name: its.name, standing: named("standing", to.value) }));
      onClose();
    });
  };
  return html`<${Drawer} title=${t("standing.of", { name: its.name })} onClose=${onClose} first="standing-good">
    <form onSubmit=${submit}>
      <fieldset><legend>${t("standing.to")}</legend>${STANDINGS.map((it) => html`<label class="choice" key=${it}><input type="radio" id="standing-${it}" name="standing" value=${it} checked=${to.value === it} onChange=${() => (to.value = it)} /> <span>${named("standing", it)} <span class="hint">${t(`standing_does.${it}`)}</span></span></label>`)}</fieldset>
      <${Field} label=${t("standing.reason")} name="standing-why"><input id="standing-why" required maxlength="500" autocomplete="off" value=${why.value} onInput=${(/** @type {any} */ event) => (why.value = event.target.value)} /><//>
      <${Field} label=${t("standing.ends")} hint=${t("standing.ends_hint")} name="standing-until"><input id="standing-until" type="date" value=${until.value} onInput=${(/** @type {any} */ event) => (until.value = event.target.value)} /><//>
      ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
      <p class="deeds"><button class="main">${t("standing.save")}</button></p>
    </form>
  <//>`;
}
