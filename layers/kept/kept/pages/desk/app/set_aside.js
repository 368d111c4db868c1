/** What failed again and again and waits for somebody who leads: put back, it is due at once. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, post } from "desk/api";
import { aside, countAside } from "desk/attention";
import { Empty, Failed, Skeleton, time } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { fromNow, soon } from "desk/when";
import { named, t } from "desk/words";

/** @typedef {{lane: string, id: string, due_at: string, stage: string | null, channel: string | null, appointment: string | null, start: string | null,
 *   follow_up: string | null, cause: string | null, client: string | null, client_name: string | null, staff: string | null, staff_name: string | null}} Thing */

/** The nearest of what it is about; nothing where it is about all. @param {Thing} it */
function leadsTo({ follow_up, appointment, client }) {
  const [of, id] = follow_up ? ["follow-ups", follow_up] : appointment ? ["appointments", appointment] : ["clients", client];
  return id && `/desk/${of}/${encodeURIComponent(id)}`;
}

/** Whose it is. @param {Thing} it */
const name = (it) => it.client_name ?? it.staff_name ?? "";

/** The kind of work, and of a message which it is. @param {Thing} it */
const kind = ({ lane, stage, channel, cause }) =>
  stage && channel ? t("aside.message", { stage: named("stage", stage), by: named("by", channel) }) : cause ? t("aside.clock", { cause: named("cause", cause) }) : named("lane", lane);

export function SetAside() {
  const found = useSignal(/** @type {Thing[] | null} */ (null)), wrong = useSignal("");
  const load = () => get("/v1/desk/set-aside").then((all) => ([found.value, wrong.value] = [all, ""]), (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), []);
  /** @param {Thing} thing */
  const putBack = async (thing) => {
    const before = found.value ?? [];
    found.value = before.filter((it) => it !== thing);
    try {
      await post("/v1/desk/set-aside/put-back", { lane: thing.lane, id: thing.id });
      aside.value = Math.max(0, aside.value - 1);
      say(t("aside.done", { what: [name(thing), kind(thing)].filter(Boolean).join(" – ") }));
    } catch (error) {
      found.value = before;
      say(explained(error), { wrong: true });
      void countAside().catch(() => {});
    }
  };
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  if (!found.value) return html`<${Skeleton} rows=${3} />`;
  if (!found.value.length) return html`<${Empty} title=${t("work_empty.aside")} text=${t("work_empty_text.aside")} />`;
  return html`<p class="lead">${t("aside.lead")}</p><ol class="cards">${found.value.map((thing) => html`<li key=${`${thing.lane} ${thing.id}`} class="row">
    <div>${name(thing) && html`<strong class="name">${name(thing)}</strong> `}<span>${kind(thing)}</span>
      ${thing.start && html` <span class="about">${t("aside.visit")} ${time(thing.start, soon)}</span>`} <span class="about">${t("aside.due")} ${time(thing.due_at, fromNow)}</span></div>
    <p class="deeds"><button type="button" class="button first row-open" onClick=${() => putBack(thing)}>${t("aside.put_back")}</button>
      ${leadsTo(thing) && html`<a class="button" href=${leadsTo(thing)}>${t("aside.open")}</a>`}</p>
  </li>`)}</ol>`;
}
