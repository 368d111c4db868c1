/** What only the settings say, and the guide to them: it comes when they are first opened, in the reader's language. */

import { effect } from "@preact/signals";
import { language, words } from "desk/words";

/** @type {Record<string, string>} by language tag */
const ADDRESSES = JSON.parse(document.documentElement.dataset.wordsOf ?? "{}").settings;
let isLearnt = false;

async function learn() {
  const tag = language.value, more = await (await fetch(ADDRESSES[tag])).json();
  if (tag === language.value) words.value = { ...words.value, ...more };
}

/** Once they are there; whoever changes the language has them in that one. */
export async function learnt() {
  if (isLearnt) return;
  await learn();
  isLearnt = true;
  let known = language.value;
  effect(() => void (language.value !== known && ((known = language.value), void learn())));
}
