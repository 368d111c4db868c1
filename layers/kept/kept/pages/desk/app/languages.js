/** In which language the desk speaks; each is called as those call it who speak it. */

import { html } from "htm/preact";
import { LANGUAGES, choose, language, t } from "desk/words";

/** @type {Record<string, string>} by their own names, for whoever cannot read the page's language */
const NAMES = { en: "English", "zh-Hans": "简体中文" };

export const Languages = () => html`<ul id="languages" aria-label=${t("language")}>${LANGUAGES.map((tag) => html`<li key=${tag}>
  <button type="button" class="plain" lang=${tag} aria-current=${tag === language.value ? "true" : undefined} onClick=${() => choose(tag)}>${NAMES[tag] ?? tag}</button></li>`)}</ul>`;
