/** What another follow-up policy would do to those that are open, and putting the one in force on them. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { Field } from "desk/parts";
import { say } from "desk/toasts";
import { many, named, t } from "desk/words";

const EFFECTS = ["breaches_now", "relieved", "sooner", "later", "added", "dropped"], LISTED = 5;

/** @param {{its: any}} its */
export const WouldDo = ({ its }) => html`<section class=${its.effects.breaches_now?.count ? "warn" : "panel"}><h3>${many("policy.open", its.total)}</h3>
  <ul>${EFFECTS.filter((it) => its.effects[it]?.count).map((it) => html`<li key=${it}><span>${named("promise_effect", it)}: ${its.effects[it].count}</span>
    <span>${its.effects[it].ids.slice(0, LISTED).map((/** @type {string} */ id) => html`<a key=${id} class="button" href="/desk/follow-ups/${encodeURIComponent(id)}">${its.names[id] ?? t("followup.nobody")}</a>`)}</span></li>`)}</ul>
  ${!EFFECTS.some((it) => its.effects[it]?.count) && html`<p>${t("policy.nothing")}</p>`}</section>`;

/** On purpose and with a reason, after it was seen what that does. @param {{number: number}} its */
export function PutOnOpen({ number }) {
  const its = useSignal(/** @type {any} */ (null)), why = useSignal(""), { refused, isBusy, acts } = useActing();
  const path = `/v1/desk/follow-up-policies/${number}`;
  const look = () => acts(async () => void (its.value = await post(`${path}/preview`, {})));
  const put = () => acts(async () => {
    let changed = 0, skipped = 0, after = null;
    do {
      const done = await post(`${path}/apply`, { why: why.value, ...(after ? { after } : {}) });
      [changed, skipped, after] = [changed + done.changed, skipped + done.skipped.length, done.next];
    } while (after);
    its.value = null;
    say(`${many("policy.did_put", changed)}${skipped ? ` ${many("policy.skipped", skipped)}` : ""}`);
  });
  return html`<section class="setting-box put-on-open"><h2>${t("policy.put")}</h2><p>${t("policy.put_text")}</p>
    ${its.value && html`<div class="affects" role="status"><${WouldDo} its=${its.value} /></div>
      <${Field} label=${t("policy.why")} name="policy-why" problem=${refused.value}><input id="policy-why" maxlength="500" value=${why.value} onInput=${(/** @type {any} */ event) => (why.value = event.target.value)} /><//>`}
    ${!its.value && refused.value && html`<div class="wrong" role="alert"><p>${refused.value}</p></div>`}
    <p class="deeds">${its.value ? html`<button type="button" class="main" disabled=${isBusy.value || !why.value.trim()} onClick=${put}>${t("policy.put_now")}</button><button type="button" class="button" onClick=${() => (its.value = null)}>${t("settings.leave")}</button>`
      : html`<button type="button" class="button" disabled=${isBusy.value} onClick=${look}>${t("policy.look")}</button>`}</p></section>`;
}
