/** A form of settings: its fields, what another changed meanwhile, whom it affects, and one button that saves. */

import { html } from "htm/preact";
import { Meeting } from "desk/meeting";
import { atCtrlEnter } from "desk/parts";
import { Affects } from "desk/settings/affects";
import { called, useForm } from "desk/settings/form_state";
import { Setting } from "desk/settings/inputs";
import { shown } from "desk/settings/shown";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/form_state").Field} Field */
/** @typedef {{title?: string, fields: Field[]}} Group */

/** @param {{kind: any, id: string, groups: Group[], fresh?: any, made?: (thing: any) => string, name: (thing: any) => string, onSaved?: (thing: any) => void, children?: (form: any) => any, also?: Field[], beside?: (form: any) => any}} its `also` are set by what stands between the fields and the button, `beside` shows what comes of them */
export function SettingsForm({ kind, id, groups, fresh, made, name, onSaved, children, also = [], beside }) {
  const fields = [...groups.flatMap((it) => it.fields), ...also];
  const form = useForm({ kind, id, fields, fresh, made, name, onSaved });
  /** @param {string} at @returns {any} */
  const of = (at) => fields.find((it) => it.at === at);
  const inside = html`<form class="settings-form" noValidate onKeyDown=${atCtrlEnter(form.save)} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), form.save())}>
    ${groups.map(({ title, fields }) => html`<section key=${title}>${title && html`<h2>${named("set_group", title)}</h2>`}${fields.map((field) => html`<${Setting} key=${field.at} form=${form} field=${field} />`)}</section>`)}
    ${children?.(form)}
    <${Meeting} wish=${form.wish.value} called=${(/** @type {string} */ at) => called(kind, at)} shown=${(/** @type {string} */ at, /** @type {any} */ value) => shown(value, of(at))} set=${form.set} />
    ${form.wrong.value && html`<div class="wrong" role="alert"><p>${form.wrong.value}</p></div>`}
    <${Affects} form=${form} />
    <p class="deeds settings-save"><button class="main" disabled=${!form.isTouched || form.isBusy.value}>${t("settings.save")}</button>
      ${form.isTouched && html`<button type="button" class="button" onClick=${form.leave}>${t("settings.leave")}</button>`} <span class="about keys-hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span></p>
  </form>`;
  return beside ? html`<div class="text-editor">${inside}${beside(form)}</div>` : inside;
}
