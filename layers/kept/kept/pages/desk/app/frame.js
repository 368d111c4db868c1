/** The frame around every view: the rail, the top with search and what needs attention, and what lies above all. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { online } from "desk/api";
import { BookingPanel, book } from "desk/booking_panel";
import { business, me } from "desk/business";
import { CalendarDrawer, openMine } from "desk/calendar_drawer";
import { ClientSearch } from "desk/client_search";
import { isLost } from "desk/focus";
import { icon } from "desk/icon";
import { Help, isHelpOpen } from "desk/keys";
import { Languages } from "desk/languages";
import { Palette } from "desk/palette";
import { RemindMe } from "desk/reminding";
import { address, go } from "desk/route";
import { hasEnded, signIn, signOut } from "desk/session";
import { Toasts } from "desk/toasts";
import { Tour, startTour } from "desk/tour";
import { Attention } from "desk/attention";
import { t } from "desk/words";

const PLACES = [
  { href: "/desk", says: "rail.today", icon: "calendar-days", of: /^\/desk(\/appointments\/.*|\/day-end|\/money)?$/ },
  { href: "/desk/work", says: "rail.work", icon: "list-checks", of: /^\/desk\/(work|follow-ups|inbox)/ },
  { href: "/desk/clients", says: "rail.clients", icon: "users", of: /^\/desk\/clients/ },
  { href: "/desk/waitlist", says: "rail.waitlist", icon: "hourglass", of: /^\/desk\/(waitlist|queue)/ },
  { href: "/desk/figures", says: "rail.figures", icon: "chart-column", of: /^\/desk\/figures/, leads: true },
  { href: "/desk/settings", says: "rail.settings", icon: "settings", of: /^\/desk\/settings/, leads: true },
];

/** Of the menu: it is out of the way of what it opened. @param {() => void} act */
const closing = (act) => (/** @type {any} */ event) => {
  event.currentTarget.closest("details").open = false;
  act();
};

const toMain = () => document.getElementById("main")?.focus();

/** @param {{children?: any}} its */
export function Frame({ children }) {
  const typed = useSignal("");
  const path = address.value.pathname, isNew = useRef(true);
  useEffect(() => {
    if (!isNew.current && isLost()) toMain(); // a document that is opened begins at its top
    isNew.current = false;
  }, [path]);
  return html`
    <a class="skip" href="#main">${t("skip")}</a>
    <header class="top">
      <a class="business" href="/desk">${business.value?.name ?? "Kept"}</a>
      <${ClientSearch} id="search" label=${t("search.label")} value=${typed.value} onInput=${(/** @type {string} */ it) => (typed.value = it)}
        onChoose=${(/** @type {any} */ hit) => ((typed.value = ""), toMain(), go(`/desk/clients/${encodeURIComponent(hit.id)}`))} />
      <${Attention} />
      <button type="button" class="main new" id="new" onClick=${() => book()}>${icon("plus")} <span>${t("book.title")}</span></button>
      <details class="menu"><summary aria-label=${t("menu.name")}>${icon("circle-user-round")}</summary><div>
        <p class="about">${me.value?.email}</p>
        <${Languages} />
        <button type="button" class="plain" onClick=${closing(() => (isHelpOpen.value = true))}>${t("keys.title")} <kbd>?</kbd></button>
        <${RemindMe} />
        ${(me.value?.staff || me.value?.leads) && html`<button type="button" class="plain" id="my-calendar" onClick=${closing(openMine)}>${me.value.staff ? t("calendar.mine") : t("calendar.title")}</button>`}
        <button type="button" class="plain" onClick=${closing(startTour)}>${t("tour.again")}</button>
        <button type="button" class="plain" id="sign-out" onClick=${signOut}>${t("sign_out")}</button>
      </div></details>
    </header>
    <nav class="rail" aria-label=${t("rail.name")}>${PLACES.filter((it) => !it.leads || me.value?.leads).map((it) => html`<a key=${it.href} href=${it.href} aria-current=${it.of.test(path) ? "page" : undefined}>${icon(it.icon)}<span>${t(it.says)}</span></a>`)}</nav>
    ${!online.value && html`<p class="notice" role="status">${icon("wifi-off")} ${t("offline")}</p>`}
    ${hasEnded.value && html`<p class="notice" role="alert">${t("trouble_text.ended")} <button type="button" class="main" onClick=${signIn}>${t("way.sign_in")}</button></p>`}
    <main id="main" tabindex="-1">${children}</main>
    <${BookingPanel} /><${CalendarDrawer} /><${Help} /><${Palette} /><${Tour} /><${Toasts} />`;
}
