/** Whether cards can be taken at all: an account with Stripe is entered by whoever runs the deployment, or how it is. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "desk/api";
import { explained } from "desk/refusals";
import { Copyable } from "desk/settings/copyable";
import { t } from "desk/words";

const KEYS = `{"stripe": {"key": "rk_live_...", "webhook_secret": "whsec_..."}}`;

export function PaymentAccount() {
  const found = useSignal(/** @type {{entered: boolean, parameter: string, webhook: string} | null} */ (null)), wrong = useSignal("");
  useEffect(() => void get("/v1/desk/business/payment-account").then((it) => (found.value = it), (error) => (wrong.value = explained(error))), []);
  const it = found.value;
  if (wrong.value) return html`<p class="wrong" role="alert">${wrong.value}</p>`;
  if (!it) return null;
  if (it.entered) return html`<section id="payment-account"><h2>${t("payment_account.title")}</h2><p>${t("payment_account.entered")}</p></section>`;
  return html`<section id="payment-account"><h2>${t("payment_account.none")}</h2><p>${t("payment_account.by_hand")}</p><p>${t("payment_account.how")}</p>
    <${Copyable} id="payment-parameter" label=${t("payment_account.parameter")} hint=${t("payment_account.parameter_hint")} value=${`aws ssm put-parameter --type SecureString --overwrite --name ${it.parameter} --value '${KEYS}'`} rows=${3} />
    <${Copyable} id="payment-webhook" label=${t("payment_account.webhook")} hint=${t("payment_account.webhook_hint")} value=${it.webhook} /></section>`;
}
