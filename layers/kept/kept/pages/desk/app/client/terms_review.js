/** Whether a client's terms are still right: settled by one click, or by a word of what holds from now on. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { Field, takes } from "desk/parts";
import { say } from "desk/toasts";
import { load, pathOf } from "desk/work_store";
import { named, t } from "desk/words";

const STANDINGS = ["good", "deposit_required", "restricted"];

/** @param {{it: any}} its */
export function TermsReview({ it }) {
  const isOpen = useSignal(false), to = useSignal("deposit_required"), why = useSignal(""), { refused, isBusy, acts } = useActing();
  /** @param {object} said */
  const settle = (said) => acts(async () => {
    await post(`${pathOf(it.id)}/terms`, said);
    say(t("terms_review.done", { name: it.client_name }));
    await load(it.id);
  });
  /** @param {SubmitEvent} event */
  const change = (event) => {
    event.preventDefault();
    void settle({ outcome: "changed", standing: to.value, why: why.value });
  };
  return html`<section class="panel" aria-labelledby="terms-title"><h3 id="terms-title">${t("terms_review.title")}</h3>
    ${it.history[0]?.what === "opened" && html`<p id="terms-why">${it.history[0].why}</p>`}
    <p class="deeds"><button type="button" class="main" id="terms-kept" disabled=${isBusy.value} onClick=${() => settle({ outcome: "kept" })}>${t("terms_review.keep")}</button>
      <button type="button" class="button" id="terms-change" aria-expanded=${isOpen.value} onClick=${() => (isOpen.value = !isOpen.value)}>${t("terms_review.change")}</button></p>
    ${isOpen.value && html`<form onSubmit=${change}>
      <${Field} label=${t("standing.to")} name="terms-to"><select id="terms-to" value=${to.value} onChange=${takes(to)}>${STANDINGS.map((one) => html`<option key=${one} value=${one}>${named("standing", one)}</option>`)}</select><//>
      <${Field} label=${t("standing.reason")} name="terms-reason"><input id="terms-reason" required maxlength="500" autocomplete="off" value=${why.value} onInput=${takes(why)} /><//>
      <p class="deeds"><button class="main" disabled=${isBusy.value}>${t("standing.save")}</button></p></form>`}
    ${refused.value && html`<p class="wrong" role="alert">${refused.value}</p>`}
  </section>`;
}
