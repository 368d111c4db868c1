/** A client whom nobody has entered yet. One who is there already with the number or address is shown instead. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { Problem, post } from "desk/api";
import { business } from "desk/business";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { Field } from "desk/parts";
import { explained } from "desk/refusals";
import { go } from "desk/route";
import { say } from "desk/toasts";
import { LANGUAGES, named, t } from "desk/words";

const NAME = "client.new";
export const TIERS = ["vip", "regular", "prospect"];

/** What was searched for in vain is likely theirs. @param {string} typed */
const begun = (typed) => ({ name: /[\d@]/.test(typed) ? "" : typed, phone: /^[\d\s+()-]+$/.test(typed) ? typed : "", email: typed.includes("@") ? typed : "", locale: business.value?.locale ?? "en", tier: "prospect", note: "" });

/** @param {{typed: string, onClose: () => void}} its */
export function NewClient({ typed, onClose }) {
  const wish = draft(NAME, begun(typed)), wrong = useSignal(""), holder = useSignal(/** @type {{id: string, name: string} | null} */ (null)), isBusy = useSignal(false);
  const its = wish.value;
  /** @param {string} name */
  const takes = (name) => (/** @type {any} */ event) => {
    wish.value = { ...wish.value, [name]: event.target.value };
    [wrong.value, holder.value] = ["", null];
  };
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    const { name, phone, email, locale, tier, note } = wish.value;
    try {
      const made = await post("/v1/desk/clients", {
        name: name.trim(), locale, tier, ...(phone.trim() && { phone: phone.trim() }), ...(email.trim() && { email: email.trim() }), ...(note.trim() && { note: note.trim() }),
      });
      done(NAME);
      say(t("did.enter", { name: made.name }));
      go(`/desk/clients/${encodeURIComponent(made.id)}`);
    } catch (error) {
      wrong.value = explained(error);
      holder.value = error instanceof Problem ? (error.about.holder ?? null) : null;
    } finally {
      isBusy.value = false;
    }
  };
  /** @param {string} name @param {string} type @param {string} [more] */
  const field = (name, type, more) => html`<${Field} label=${named("field", name)} name="new-${name}" hint=${more}><input id="new-${name}" type=${type} value=${its[/** @type {"name"} */ (name)]} maxlength="254" required=${name === "name"} autocomplete="off" onInput=${takes(name)} /><//>`;
  return html`<${Drawer} title=${t("clients.new")} onClose=${onClose} first="new-name"><form onSubmit=${save}>
    ${field("name", "text")} <div class="pair">${field("phone", "tel")} ${field("email", "email")}</div>
    <div class="pair">
      <${Field} label=${named("field", "locale")} name="new-locale"><select id="new-locale" value=${its.locale} onChange=${takes("locale")}>${LANGUAGES.map((tag) => html`<option key=${tag} value=${tag}>${named("tongue", tag)}</option>`)}</select><//>
      <${Field} label=${named("field", "tier")} name="new-tier"><select id="new-tier" value=${its.tier} onChange=${takes("tier")}>${TIERS.map((tier) => html`<option key=${tier} value=${tier}>${named("tier", tier)}</option>`)}</select><//>
    </div>
    <${Field} label=${named("field", "note")} name="new-note"><textarea id="new-note" rows="3" maxlength="2000" value=${its.note} onInput=${takes("note")}></textarea><//>
    ${wrong.value && html`<div class="wrong" role="alert"><p>${wrong.value}</p>
      ${holder.value && html`<p><a class="button" href="/desk/clients/${encodeURIComponent(holder.value.id)}">${t("clients.see", { name: holder.value.name })}</a></p>`}</div>`}
    <p class="hint">${t("clients.agrees_to_nothing")}</p>
    <p class="deeds sticky"><button class="main" disabled=${!its.name.trim() || isBusy.value}>${t("clients.enter")}</button></p>
  </form><//>`;
}
