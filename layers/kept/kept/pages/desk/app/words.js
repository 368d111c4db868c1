/** What is said, in the reader's language: a file of words for every page and one for each folder, numbers and plurals by Intl. */

import { signal } from "@preact/signals";
import { page } from "desk/page";

const CHOSEN = "kept.language";

/** @type {import("@preact/signals").Signal<Record<string, string>>} */
export const words = signal({});
export const language = signal(document.documentElement.lang);
export const LANGUAGES = Object.keys(page.words).filter((it) => !it.includes("/"));
/** The folders whose words are here. @type {Set<string>} */
const folders = new Set();

/** @param {string} name a language tag, or one of a folder @returns {Promise<Record<string, string>>} */
const read = async (name) => (await fetch(page.words[name])).json();

/** @param {string | null | undefined} wished a language tag @returns {string | undefined} the nearest that there is */
const kin = (wished) =>
  LANGUAGES.find((tag) => tag === wished) ?? LANGUAGES.find((tag) => wished && tag.startsWith(wished.split("-")[0]));

/** What was chosen at this machine, else what the business speaks, else the browser. @param {string} [wished] */
export async function speak(wished) {
  const tag = kin(localStorage.getItem(CHOSEN)) ?? kin(wished) ?? kin(navigator.language) ?? LANGUAGES[0];
  if (tag === language.value && Object.keys(words.value).length) return;
  words.value = Object.assign({}, ...(await Promise.all([tag, ...[...folders].map((it) => `${it}/${tag}`)].map(read))));
  document.documentElement.lang = language.value = tag;
}

/** Of a view that is loaded when it is opened. @param {string} folder */
export async function speakOf(folder) {
  if (folders.has(folder)) return;
  const tag = language.value, more = await read(`${folder}/${tag}`);
  folders.add(folder);
  if (tag !== language.value) return void (words.value = { ...words.value, ...(await read(`${folder}/${language.value}`)) });
  words.value = { ...words.value, ...more };
}

/** @param {string} tag */
export async function choose(tag) {
  localStorage.setItem(CHOSEN, tag);
  await speak();
}

/** @param {string} key @param {Record<string, any>} [facts] @returns {string} */
export const t = (key, facts = {}) =>
  (words.value[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(facts[name] ?? ""));

/** By how many: `key.one`, `key.other`, as the language has them. @param {string} key @param {number} n @param {Record<string, any>} [facts] */
export function many(key, n, facts = {}) {
  const form = new Intl.PluralRules(language.value).select(n);
  const said = `${key}.${form}` in words.value ? `${key}.${form}` : `${key}.other`;
  return t(said, { n: new Intl.NumberFormat(language.value).format(n), ...facts });
}

/** Beside each other, with a space between where the language has one: a full stop of Chinese takes its own room.
 * @param {(string | false | null | undefined | 0)[]} said what is not there is left out */
export const sentences = (...said) => said.filter(Boolean).reduce((/** @type {string} */ text, next) => `${text}${gap(text)}${next}`, "");
/** What stands between that and the next sentence. @param {string} text */
export const gap = (text) => (!text || ENDS_WIDE.test(text) ? "" : " ");
const ENDS_WIDE = /[。？！；：，]$/;

/** What a business or a later version made up is shown by its own name. @param {string} family @param {string} name @returns {string} */
export const named = (family, name) => words.value[`${family}.${name}`] ?? name.replaceAll("_", " ");
