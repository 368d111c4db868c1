/** What can be done about a follow-up: one form at a time, its typed words kept until they are sent. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { AnswerForm } from "desk/answer_form";
import { isClosed } from "desk/due_badge";
import { CloseForm, GradeForm, HandOverForm, MergeForm, NoteForm, ReopenForm, SnoozeForm, StepForm } from "desk/follow_up_forms";
import { address, asking, go } from "desk/route";
import { t } from "desk/words";

/** @type {Record<string, any>} in the order in which they are offered */
const FORMS = { answer: AnswerForm, note: NoteForm, snooze: SnoozeForm, reassign: HandOverForm, close: CloseForm, merge: MergeForm, grade: GradeForm };

/** @param {{it: any}} its */
export function FollowUpActs({ it }) {
  const asked = address.value.searchParams.get("do") ?? "", chosen = useSignal("");
  useEffect(() => {
    if (!(asked in FORMS)) return;
    chosen.value = asked;
    go(asking({ do: null }), { replace: true }); // so that coming back to the address begins nothing
  }, [asked]);
  useEffect(() => {
    if (chosen.value) /** @type {HTMLElement | null} */ (document.querySelector("#follow-up-form :is(textarea, input, select, button)"))?.focus();
  }, [chosen.value]);
  if (isClosed(it)) return html`<${ReopenForm} it=${it} />`;
  const Form = FORMS[chosen.value];
  const leave = () => {
    document.getElementById(`act-${chosen.value}`)?.focus();
    chosen.value = "";
  };
  return html`<section class="acts" aria-label=${t("work.acts")}>
    <p class="deeds">${Object.keys(FORMS).map((act) => html`<button type="button" key=${act} id="act-${act}" class=${act === "answer" && !it.client_phone ? "main" : "button"}
      aria-expanded=${chosen.value === act} onClick=${() => (chosen.value = chosen.value === act ? "" : act)}>${t(`work_act.${act}`)}</button>`)}</p>
    ${Form && html`<div id="follow-up-form" class="panel" onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (event.preventDefault(), leave())}><${Form} it=${it} key=${chosen.value} onDone=${leave} /></div>`}
    <${StepForm} it=${it} />
  </section>`;
}
