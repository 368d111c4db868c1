/** What the owner puts on their own site: two lines that show the booking page there, or its link. */

import { html } from "htm/preact";
import { business } from "desk/business";
import { Copyable } from "desk/settings/copyable";
import { page } from "desk/page";
import { t } from "desk/words";

export function EmbedCode() {
  const its = business.value;
  if (!its) return null;
  const link = `${page.address}/b/${encodeURIComponent(its.id)}`;
  const lines = `<script type="module" src="${page.address}/embed.js"></script>\n<kept-booking business="${its.id}"><a href="${link}">${t("embed.book")}</a></kept-booking>`;
  return html`<section><h2>${t("embed.title")}</h2>
    <${Copyable} id="embed-code" label=${t("embed.code")} hint=${t("embed.lead")} value=${lines} rows=${4} />
    <${Copyable} id="embed-link" label=${t("embed.link")} hint=${t("embed.link_hint")} value=${link} /></section>`;
}
