/** Follow-ups as a list: what it is about, whose turn it is, their words, and the likeliest act. */

import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { me, staffName } from "desk/business";
import { Calling } from "desk/calling";
import { DueBadge, isPaused } from "desk/due_badge";
import { icon } from "desk/icon";
import { Later } from "desk/later";
import { Empty, Failed, Skeleton, badge } from "desk/parts";
import { explained } from "desk/refusals";
import { address } from "desk/route";
import { soon } from "desk/when";
import { TO_CALL, belongs, failure, list, showList, showMore } from "desk/work_store";
import { named, t } from "desk/words";

const askedFor = () => import("desk/visit/deciding").then((it) => it.AskedFor);

/** A place beside the list; what the list asks for stays. @param {string} id @param {string} [act] what is to be done there first */
export function beside(id, act) {
  const asked = new URLSearchParams(address.value.search);
  if (act) asked.set("do", act);
  else asked.delete("do");
  const query = asked.toString();
  return `/desk/follow-ups/${encodeURIComponent(id)}${query && `?${query}`}`;
}

/** @param {{tab: string}} its */
export function FollowUpList({ tab }) {
  const { isBusy, acts } = useActing(), { rows, next } = list.value;
  if (failure.value && !rows) return html`<${Failed} why=${explained(failure.value)} again=${() => showList(tab, address.value.searchParams)} />`;
  if (!rows) return html`<${Skeleton} rows=${6} />`;
  const kept = rows.filter((it) => belongs(it, tab)), shown = tab === "queue" ? [...kept.filter((it) => !isPaused(it)), ...kept.filter(isPaused)] : kept;
  const more = () => acts(showMore);
  return html`${shown.length ? html`<ol class="cards">${shown.map((it) => (tab === "calls" ? html`<${CallRow} key=${it.id} it=${it} />` : html`<${Row} key=${it.id} it=${it} tab=${tab} />`))}</ol>`
      : html`<${Empty} title=${t(`work_empty.${tab}`)} text=${t(`work_empty_text.${tab}`)}>${tab === "queue" && html`<a class="button" href="/desk/work?tab=board">${t("work_tab.board")}</a>`}<//>`}
    ${Object.keys(next).length > 0 && html`<p class="deeds"><button type="button" class="button" disabled=${isBusy.value} onClick=${more}>${t("work.more")}</button></p>`}`;
}

/** @param {{it: any}} its */
const Head = ({ it }) => html`<a class="row-open" id="follow-up-${it.id}" href=${beside(it.id)}>
  <strong class="name">${it.client_name || t("followup.nobody")}</strong>
  <span class="about">${t("work.about", { cause: named("cause", it.cause), turn: named("turn", it.turn) })}</span>
  ${it.words && html`<span class="said">${it.words}</span>`}
</a>`;

/** @param {{it: any}} its whose it is, where it is not simply mine */
const Whose = ({ it }) => html`
  ${it.tier === "vip" && badge("tier", it.tier)} ${it.priority === "urgent" && badge("priority", it.priority)}
  ${it.stands_in_for ? html`<span class="about">${t("work.stands_in", { name: staffName(it.stands_in_for) })}</span>`
    : it.assignee !== me.value?.staff && html`<span class="about">${it.assignee ? staffName(it.assignee) : t("work.nobodys")}</span>`}`;

/** @param {{it: any, tab: string}} its */
function Row({ it, tab }) {
  const asks = it.cause === "asked_for" && it.appointment && it.phase !== "closed";
  const isCall = it.client_phone && (TO_CALL.includes(it.cause) || (tab === "failed" && it.cause !== "wrong_number"));
  return html`<li class="row">
    <${Head} it=${it} />
    <span class="row-state"><${DueBadge} of=${it} /> <${Whose} it=${it} /></span>
    ${tab === "failed" && html`<p class="advice">${it.to_tell && html`<span class="lines">${it.to_tell}</span> `}${t(`failed_text.${it.cause}`)}</p>`}
    ${asks && html`<div class="row-call"><${Later} from=${askedFor} folder="visit" it=${it} decline=${beside(it.id, "decline")} onDone=${() => showList(tab, address.value.searchParams)} /></div>`}
    <p class="deeds">
      ${isCall && html`<a class="button first" href="tel:${it.client_phone}">${icon("phone")} ${it.client_phone_written}</a>`}
      <a class=${isCall || asks ? "button" : "button first"} href=${beside(it.id, "answer")}>${t("work_act.answer")}</a>
      <a class="button" href=${beside(it.id, "snooze")}>${t("work_act.snooze")}</a>
      <a class="button" href=${beside(it.id, "close")}>${t("work_act.close")}</a>
    </p>
  </li>`;
}

/** @param {{it: any}} its one to be telephoned: number, first line, and what came of it, all in reach */
const CallRow = ({ it }) => html`<li class="row">
  <${Head} it=${it} />
  <span class="row-state"><${DueBadge} of=${it} /> <${Whose} it=${it} />${it.owed_since && html` <span class="about">${t("work.owed", { when: soon(it.owed_since) })}</span>`}</span>
  <div class="row-call"><${Calling} it=${it} script=${it.to_tell} /></div>
</li>`;
