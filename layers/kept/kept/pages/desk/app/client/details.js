/** What is known of a client, changed in a form. What another has changed meanwhile is shown beside what was typed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Problem, post, send } from "desk/api";
import { nowOf, pathOf, same, take } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { Meeting, meeting } from "desk/meeting";
import { Field } from "desk/parts";
import { explained } from "desk/refusals";
import { asking } from "desk/route";
import { say } from "desk/toasts";
import { LANGUAGES, named, t } from "desk/words";

/** @typedef {import("../types").ClientRecord} ClientRecord */
/** @typedef {Record<string, string>} Typed by the name of the field */

const CONTACTS = ["phone", "email"];
const EDITED = ["name", "locale", "zone", "preferred", "tags"];
/** What is changed beside the form, and may have been by another. */
const BESIDE = ["tier", "do_not_disturb"];
const CHANNELS = ["sms", "whatsapp", "wechat", "email"];

/** @param {ClientRecord} its @param {string} field as it stands in the form */
function written(its, field) {
  if (field === "tags") return its.tags.join(", ");
  if (field === "phone") return its.phone_written ?? its.phone ?? "";
  return String(its[/** @type {keyof ClientRecord} */ (field)] ?? "");
}

/** @param {ClientRecord} its @returns {Typed} */
const form = (its) => Object.fromEntries([...EDITED, ...CONTACTS, ...BESIDE].map((field) => [field, written(its, field)]));

/** In words. @param {string} field @param {string} value */
function shown(field, value) {
  if (!value) return t("edit.nothing");
  if (field === "tier") return named("tier", value);
  if (field === "do_not_disturb") return value === "true" ? t("quiet.on") : t("quiet.off");
  if (field === "locale") return named("tongue", value);
  return field === "preferred" ? named("way_of", value) : value;
}

/** @param {{its: ClientRecord, onClose: () => void}} its_ */
export function DetailsDrawer({ its, onClose }) {
  const own = `client.${its.id}`, fresh = { revision: its.revision, base: form(its), typed: form(its), clashes: /** @type {import("desk/meeting").Clash[]} */ ([]), taken: /** @type {string[]} */ ([]) }, wish = draft(own, fresh);
  const wrong = useSignal(""), holder = useSignal(/** @type {{id: string, name: string} | null} */ (null)), isBusy = useSignal(false);
  const { typed } = wish.value, isTouched = !same(typed, wish.value.base);
  useEffect(() => void (isTouched || (wish.value = fresh)), []);
  /** @param {string} field @param {string} value */
  const set = (field, value) => {
    wish.value = { ...wish.value, typed: { ...wish.value.typed, [field]: value } };
    [wrong.value, holder.value] = ["", null];
  };
  /** @param {string} field */
  const takes = (field) => (/** @type {any} */ event) => set(field, event.target.value);
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      const after = await saved(its.id, wish);
      done(own);
      take(after);
      say(t("did.edit", { name: after.name }));
      onClose();
    } catch (error) {
      const now = nowOf(error);
      if (now) {
        take(now);
        wish.value = { revision: now.revision, base: form(now), ...meeting(wish.value, form(now)) };
      }
      wrong.value = explained(error);
      holder.value = error instanceof Problem ? (error.about.holder ?? null) : null;
    } finally {
      isBusy.value = false;
    }
  };
  const leave = () => (done(own), onClose()), close = () => (isTouched ? onClose() : leave());
  /** @param {string} field @param {string} type @param {string} [hint] */
  const text = (field, type, hint) => html`<${Field} label=${named("field", field)} name="client-${field}" hint=${hint}>
    <input id="client-${field}" type=${type} value=${typed[field]} maxlength="254" required=${field === "name"} autocomplete="off" list=${field === "zone" ? "zones" : undefined} aria-describedby=${hint ? `client-${field}-hint` : undefined} onInput=${takes(field)} /><//>`;
  return html`<${Drawer} title=${t("edit.title", { name: its.name })} onClose=${close} first="client-name"><form onSubmit=${save}>
    ${text("name", "text")} <div class="pair">${text("phone", "tel")} ${text("email", "email")}</div>
    <div class="pair">
      <${Field} label=${named("field", "locale")} name="client-locale"><select id="client-locale" value=${typed.locale} onChange=${takes("locale")}>${[...new Set([...LANGUAGES, typed.locale])].map((tag) => html`<option key=${tag} value=${tag}>${named("tongue", tag)}</option>`)}</select><//>
      <${Field} label=${named("field", "preferred")} name="client-preferred"><select id="client-preferred" value=${typed.preferred} onChange=${takes("preferred")}><option value="">${t("edit.no_wish")}</option>${CHANNELS.map((it) => html`<option key=${it} value=${it}>${named("way_of", it)}</option>`)}</select><//>
    </div>
    ${text("zone", "text")}<datalist id="zones">${Intl.supportedValuesOf("timeZone").map((zone) => html`<option key=${zone} value=${zone}></option>`)}</datalist>
    ${text("tags", "text", t("edit.tags_hint"))}
    <p class="hint">${t("edit.contact_hint")}</p>
    ${wrong.value && html`<div class="wrong" role="alert"><p>${wrong.value}</p>
      ${holder.value && html`<p><a class="button" href=${asking({ edit: null, merge: holder.value.id })}>${t("edit.one_person", { name: holder.value.name })}</a></p>`}</div>`}
    <${Meeting} wish=${wish.value} called=${(/** @type {string} */ field) => named("field", field)} shown=${shown} set=${set} />
    <p class="deeds sticky"><button class="main" disabled=${!typed.name.trim() || isBusy.value}>${t("edit.save")}</button>
      <button type="button" class="button" onClick=${leave}>${t("edit.leave")}</button></p>
  </form><//>`;
}

/** The details first, which also tells whether another was quicker; a new number or address is a claim of its own. @param {string} id @param {{value: any}} wish */
async function saved(id, wish) {
  const { revision, base, typed } = wish.value;
  const differs = (/** @type {string} */ field) => typed[field].trim() !== base[field];
  const details = Object.fromEntries(EDITED.filter(differs).map((field) => [field, sent(field, typed[field])]));
  const after = take(await send("PATCH", pathOf(id), { ...details, revision }));
  const contacts = Object.fromEntries(CONTACTS.filter(differs).map((field) => [field, typed[field].trim() || null]));
  if (!Object.keys(contacts).length) return after;
  wish.value = { ...wish.value, revision: after.revision, base: form(after), clashes: [], taken: [] };
  return post(`${pathOf(id)}/contacts`, contacts);
}

/** @param {string} field @param {string} value */
function sent(field, value) {
  if (field === "tags") return value.split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean);
  return field === "preferred" ? value || null : value.trim();
}
