/** Every refusal in words: its title comes from the API in the reader's language; what stops a tab has words of its own. */

import { Problem } from "desk/api";
import { Trouble } from "desk/session";
import { span } from "desk/when";
import { named, sentences, t } from "desk/words";

/** @param {unknown} error @returns {string} */
export function explained(error) {
  if (error instanceof Trouble) return t(`trouble_text.${error.message}`);
  if (!(error instanceof Problem)) {
    console.error(error);
    return t("trouble_text.unreachable");
  }
  if ([401, 403].includes(error.status)) return t("refused.role");
  const { title = untold(error.status), fields = [], taken_by: holders = [] } = error.about;
  const which = fields.map((/** @type {any} */ it) => `${named("field", it.field)}: ${it.reason}`);
  const who = holders.map((/** @type {any} */ it) => (it.client_name ? t("refused.by", { name: it.client_name, span: span(it) }) : t("refused.held", { span: span(it) })));
  return sentences(title, ...which, ...who);
}

/** Something between here and Kept answered, which has no words for people. @param {number} status */
function untold(status) {
  if (status === 429 || status >= 500) return t("trouble_text.unreachable");
  return status === 404 ? t("trouble_text.unknown") : t("refused.changed");
}
