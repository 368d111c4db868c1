/** Work: what is to be answered, called and put right, in the order in which it is due. */

import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { aside, mine } from "desk/attention";
import { me } from "desk/business";
import { FollowUpDrawer } from "desk/follow_up_drawer";
import { FollowUpList } from "desk/follow_up_list";
import { HandOver, canHandOver, isHandingOver } from "desk/hand_over";
import { Inbox } from "desk/inbox";
import { address, go } from "desk/route";
import { SetAside } from "desk/set_aside";
import { WorkFilters } from "desk/work_filters";
import { sources, showList } from "desk/work_store";
import { language, t } from "desk/words";

const TABS = ["queue", "board", "inbox", "calls", "failed", "aside"];
const LISTS = ["queue", "board", "calls", "failed"], FILTERED = ["board", "calls", "failed"];
const EVERY = 60_000; // ms

/** @param {{open?: string}} its the id of a follow-up beside it */
export function Work({ open }) {
  const leads = me.value?.leads ?? false, tabs = leads ? TABS : TABS.filter((it) => it !== "aside");
  const asked = address.value.searchParams.get("tab") ?? "", tab = tabs.includes(asked) ? asked : "queue";
  const searched = address.value.searchParams;
  const wanted = LISTS.includes(tab) ? sources(tab, searched).join(" ") : "";
  const show = () => (wanted ? showList(tab, address.value.searchParams) : Promise.resolve());
  useEffect(() => {
    void show();
    const look = () => document.visibilityState === "visible" && !document.querySelector(".drawer") && void show();
    const timer = setInterval(look, EVERY);
    return () => clearInterval(timer);
  }, [wanted, language.value]);
  useEffect(() => () => void (isHandingOver.value = false), []);
  useEffect(() => void (document.title = `${t(`work_tab.${tab}`)} – Kept`), [tab, language.value]);
  const back = () => {
    const kept = new URLSearchParams(address.value.search);
    kept.delete("do");
    go(`/desk/work${kept.size ? `?${kept}` : ""}`);
  };
  const counts = /** @type {Record<string, number>} */ ({ queue: mine.value.length, aside: aside.value });
  return html`<div class="work">
    <div class="bar"><h1>${t("rail.work")}</h1>
      ${canHandOver() && html`<button type="button" class="button" id="hand-over" onClick=${() => (isHandingOver.value = true)}>${t("handover.title")}</button>`}</div>
    <nav class="tabs" aria-label=${t("work.tabs")}>${tabs.map((it) => html`<a key=${it} class="chip-link" href="/desk/work?tab=${it}" aria-current=${it === tab ? "true" : undefined}>${t(`work_tab.${it}`)}${counts[it] > 0 && html` <span class="count">${counts[it]}</span>`}</a>`)}</nav>
    ${FILTERED.includes(tab) && html`<${WorkFilters} tab=${tab} />`}
    ${tab === "inbox" ? html`<${Inbox} />` : tab === "aside" ? html`<${SetAside} />` : html`<${FollowUpList} tab=${tab} />`}
    ${open && html`<${FollowUpDrawer} key=${open} id=${open} onClose=${back} />`}
    ${isHandingOver.value && html`<${HandOver} onClose=${() => (isHandingOver.value = false)} onDone=${show} />`}
  </div>`;
}
