/** The end of the day: what is mine goes to a colleague, or to whoever stands in. */

import { signal, useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { post } from "desk/api";
import { mine } from "desk/attention";
import { colleagues, me, staffName } from "desk/business";
import { Drawer } from "desk/drawer";
import { Field } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { many, sentences, t } from "desk/words";
import { pathOf } from "desk/work_store";

export const isHandingOver = signal(false);
/** Whoever has work of their own gives it away. */
export const canHandOver = () => Boolean(me.value?.staff);

/** @param {{onClose: () => void, onDone: () => Promise<void>}} its */
export function HandOver({ onClose, onDone }) {
  const to = useSignal(""), why = useSignal(""), { refused: wrong, isBusy, acts } = useActing(), staff = me.value?.staff ?? "";
  const open = mine.value.filter((it) => it.assignee === staff).length;
  /** @param {SubmitEvent} event */
  const give = (event) => (event.preventDefault(), acts(async () => {
    const done = await post(`/v1/desk/staff/${encodeURIComponent(staff)}/hand-over`, { ...(to.value && { to: to.value }), why: why.value.trim() });
    const given = Object.keys(done.given);
    say(sentences(many("handover.given", given.length), done.left > 0 && many("handover.left", done.left)), given.length ? { undo: () => takeBack(given) } : {});
    onClose();
    await onDone();
  }));
  /** @param {string[]} ids */
  const takeBack = async (ids) => {
    try {
      for (const id of ids) await post(`${pathOf(id)}/reassign`, { to: staff });
      say(many("handover.back", ids.length));
    } catch (error) {
      say(explained(error), { wrong: true });
    }
    await onDone();
  };
  const others = Object.entries(colleagues()).filter(([id]) => id !== staff);
  return html`<${Drawer} title=${t("handover.title")} onClose=${onClose} first="handover-to"><form onSubmit=${give}>
    <p class="lead">${many("handover.lead", open)}</p>
    <${Field} label=${t("handover.to")} name="handover-to"><select id="handover-to" value=${to.value} onInput=${(/** @type {any} */ event) => (to.value = event.target.value)}>
      <option value="">${t("handover.by_rule")}</option>${others.map(([id]) => html`<option key=${id} value=${id}>${staffName(id)}</option>`)}</select><//>
    <${Field} label=${t("handover.why")} name="handover-why"><input id="handover-why" value=${why.value} maxlength="500" onInput=${(/** @type {any} */ event) => (why.value = event.target.value)} /><//>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds"><button class="main" disabled=${isBusy.value || !open}>${t("handover.do")}</button></p>
  </form><//>`;
}
