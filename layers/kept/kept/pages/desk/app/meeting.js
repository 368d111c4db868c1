/** What somebody else saved while a form was typed into: taken over where nothing was typed, else a choice. */

import { html } from "htm/preact";
import { same } from "desk/client_store";
import { t } from "desk/words";

/** @typedef {{at: string, mine: any, theirs: any}} Clash both changed the same field, each in another way */

/** Both by the names of their fields: as it stood when it was begun, as it is typed, and as it stands now.
 * @param {{base: Record<string, any>, typed: Record<string, any>}} wish @param {Record<string, any>} now */
export function meeting({ base, typed }, now) {
  const changed = Object.keys(base).filter((at) => !same(now[at], base[at]));
  const clashes = changed.filter((at) => !same(typed[at], base[at]) && !same(typed[at], now[at])).map((at) => ({ at, mine: typed[at], theirs: now[at] }));
  const taken = changed.filter((at) => same(typed[at], base[at]));
  return { clashes, taken, typed: { ...typed, ...Object.fromEntries(taken.map((at) => [at, now[at]])) } };
}

/** @param {{wish: {clashes: Clash[], taken: string[], typed: Record<string, any>}, called: (at: string) => string, shown: (at: string, value: any) => string, set: (at: string, value: any) => void}} its */
export const Meeting = ({ wish: { clashes, taken, typed }, called, shown, set }) => html`${clashes.map((it) => html`<fieldset class="clash" key=${it.at}><legend>${called(it.at)}</legend>
    ${[["mine", it.mine], ["theirs", it.theirs]].map(([whose, value]) => html`<label class="choice" key=${whose}><input type="radio" name="clash-${it.at}" checked=${same(typed[it.at], value)} onChange=${() => set(it.at, value)} /> <span>${t(`clash.${whose}`)} <strong>${shown(it.at, value)}</strong></span></label>`)}</fieldset>`)}
  ${taken.length > 0 && html`<p class="about">${t("edit.taken", { what: taken.map((at) => `${called(at)}: ${shown(at, typed[at])}`).join(", ") })}</p>`}`;
