/** What a client will read of the terms as they stand in the form: the sentences of the client pages, from the server. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { post } from "desk/api";
import { Field, takes } from "desk/parts";
import { catalog } from "desk/settings/settings_store";
import { LANGUAGES, language, named, t } from "desk/words";

export const TIERS = ["prospect", "regular", "vip"];
const RESTS = 400, PLACES = ["deposit", "booking", "booking_late", "cancelling", "moving"];

/** @param {{form: any}} its */
export function TermsRead({ form }) {
  const services = (catalog.value?.services ?? []).filter((it) => !it.archived);
  const service = useSignal(services[0]?.id ?? ""), tier = useSignal(TIERS[0]), tag = useSignal(language.value), said = useSignal(/** @type {any} */ (null));
  const { changes, policy_text, policy_texts, deposit_text, deposit_texts } = form.whole(), asked = JSON.stringify({ changes, policy_text, policy_texts, deposit_text, deposit_texts, service: service.value, tier: tier.value, language: tag.value });
  useEffect(() => {
    if (!service.value) return;
    const timer = setTimeout(() => post("/v1/desk/business/terms/preview", JSON.parse(asked)).then((found) => (said.value = found), () => {}), said.value ? RESTS : 0); // what is wrong stands at its field
    return () => clearTimeout(timer);
  }, [asked]);
  return html`<section class="text-preview" aria-label=${t("terms.read")}><h2>${t("terms.read")}</h2>
    <div class="pair"><${Field} label=${t("terms.service")} name="read-service"><select id="read-service" value=${service.value} onInput=${takes(service)}>${services.map((it) => html`<option key=${it.id} value=${it.id}>${it.name}</option>`)}</select><//>
      <${Field} label=${named("field", "tier")} name="read-tier"><select id="read-tier" value=${tier.value} onInput=${takes(tier)}>${TIERS.map((it) => html`<option key=${it} value=${it}>${named("tier", it)}</option>`)}</select><//>
      <${Field} label=${t("language")} name="read-language"><select id="read-language" value=${tag.value} onInput=${takes(tag)}>${LANGUAGES.map((it) => html`<option key=${it} value=${it} selected=${it === tag.value}>${named("tongue", it)}</option>`)}</select><//></div>
    <div aria-live="polite">${said.value && html`${said.value.policy && html`<article class="said-so" lang=${tag.value}><h3 lang=${language.value}>${t("terms.read_policy")}</h3><p class="lines">${said.value.policy}</p></article>`}
      ${PLACES.filter((it) => said.value[it]).map((it) => html`<article key=${it} class="said-so" lang=${tag.value}><h3 lang=${language.value}>${named("read_at", it)}</h3><p>${said.value[it]}</p></article>`)}`}</div>
    <p class="about">${t("terms.keeps")}</p></section>`;
}
