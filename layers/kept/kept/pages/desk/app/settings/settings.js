/** Settings: a list of the parts, each with an address of its own; who does not lead the business sees none of it. */

import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { me } from "desk/business";
import { icon } from "desk/icon";
import { Empty, Failed, Skeleton } from "desk/parts";
import { BUSINESS_PARTS } from "desk/settings/business_parts";
import { SettingsForm } from "desk/settings/form";
import { EmbedCode } from "desk/settings/embed_code";
import { History } from "desk/settings/history";
import { Hours } from "desk/settings/hours";
import { Logo } from "desk/settings/logo";
import { PaymentAccount } from "desk/settings/payment_account";
import { LocalTimes } from "desk/settings/local_times";
import { People, Rooms } from "desk/settings/people";
import { FollowUpPromise } from "desk/settings/promise";
import { Reminders } from "desk/settings/reminders";
import { Services } from "desk/settings/services";
import { catalog, failure, loadCatalog } from "desk/settings/settings_store";
import { Zones } from "desk/settings/settings_parts";
import { SignIns } from "desk/settings/sign_ins";
import { Terms } from "desk/settings/terms";
import { Texts } from "desk/settings/texts";
import { Webhooks } from "desk/settings/webhooks";
import { language, named, t } from "desk/words";

/** What is set where, in the order in which an owner comes to it. @type {[string, () => any][]} */
const PARTS = [
  ["services", () => html`<${Services} />`],
  ["hours", () => html`<${Hours} />`],
  ["people", () => html`<${People} />`],
  ["sign_ins", () => html`<${SignIns} />`],
  ["rooms", () => html`<${Rooms} />`],
  ["reminders", () => html`<${Reminders} />`],
  ["texts", () => html`<${Texts} />`],
  ["terms", () => html`<${Terms} />`],
  ...Object.keys(BUSINESS_PARTS).map((part) => /** @type {[string, () => any]} */ ([part, () => html`<${OfBusiness} key=${part} part=${part} />`])),
  ["logo", () => html`<${Logo} />`],
  ["promise", () => html`<${FollowUpPromise} />`],
  ["webhooks", () => html`<${Webhooks} />`],
  ["history", () => html`<${History} />`],
];

/** @param {{part: string}} its */
export function Settings({ part }) {
  const leads = me.value?.leads ?? false, view = PARTS.find(([name]) => name === part)?.[1], title = view ? named("part", part) : t("rail.settings");
  useEffect(() => void (leads && loadCatalog().catch(() => {})), [part]);
  useEffect(() => void (document.title = `${title} – Kept`), [title, language.value]);
  if (!leads) return html`<h1>${t("rail.settings")}</h1><${Empty} title=${t("settings.not_yours")} text=${t("refused.role")}><a class="button" href="/desk">${t("way.today")}</a><//>`;
  return html`<div class=${view ? "settings has-part" : "settings"}>
    <nav class="settings-parts" aria-label=${t("settings.parts")}>
      ${view ? html`<p class="settings-title"><a href="/desk/settings">${icon("chevron-left")} ${t("rail.settings")}</a></p>` : html`<h1>${t("rail.settings")}</h1>`}
      <ul>${PARTS.map(([name]) => html`<li key=${name}><a href="/desk/settings/${name}" aria-current=${name === part ? "page" : undefined}><strong>${named("part", name)}</strong><span class="about">${named("part_does", name)}</span></a></li>`)}</ul>
    </nav>
    ${view && html`<div class="settings-part"><h1>${title}</h1><p class="lead">${named("part_does", part)}</p>
      ${catalog.value ? view() : failure.value ? html`<${Failed} why=${failure.value} again=${() => loadCatalog().catch(() => {})} />` : html`<${Skeleton} rows=${8} />`}</div>`}
  </div>`;
}

/** @param {{part: string}} its */
const OfBusiness = ({ part }) => html`<${SettingsForm} kind="business" id="business" groups=${BUSINESS_PARTS[part]} name=${() => named("part", part)}>${() => part === "payments" && html`<${PaymentAccount} />`}<//>
  ${part === "page" && html`<${EmbedCode} />`}
  ${part === "business" && html`<${LocalTimes} />`}
  <${Zones} />`;
