/** What is typed into a form of settings: a draft until it is saved, looked over by the API while it is typed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem } from "desk/api";
import { same } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { meeting } from "desk/meeting";
import { explained } from "desk/refusals";
import { catalog, loadCatalog, putBack, save, thingOf, valueAt, withValue, would } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/settings_store").Kind} Kind */
/** @typedef {import("desk/settings/settings_store").Thing} Thing */
/** @typedef {{at: string, as: string, [more: string]: any}} Field what is set, and by which kind of input */
/** @typedef {{field: string, reason: string}} Wrong */

const RESTS = 500; // ms without a key before the API is asked

/** By the path of each field. @param {Thing} thing @param {Field[]} fields */
const valuesOf = (thing, fields) => Object.fromEntries(fields.map(({ at }) => [at, valueAt(thing, at) ?? null]));

/** @param {unknown} error @returns {Wrong[]} each with the field that it is of */
function wrongFields(error) {
  if (!(error instanceof Problem)) return [];
  const { field, reason, detail, fields = [] } = error.about;
  return field ? [{ field, reason: reason ?? detail }] : fields;
}

/** The name of the draft. @param {Kind} kind @param {string} id @param {Field[]} fields */
const ownName = (kind, id, fields) => `settings.${kind}.${id}.${fields[0].at}`;

/** What is to be typed into a form that is opened next, over what stands there. @param {Kind} kind @param {string} id @param {Field[]} fields @param {Record<string, any>} typed */
export function begin(kind, id, fields, typed) {
  const there = thingOf(kind, id) ?? {}, base = valuesOf(there, fields);
  draft(ownName(kind, id, fields), /** @type {any} */ (null)).value = { revision: there.revision ?? "", base, typed: { ...base, ...typed }, clashes: [], taken: [] };
}

/**
 * `fresh` is what a new thing begins with; `made` is the id that it gets.
 * @param {{kind: Kind, id: string, fields: Field[], fresh?: Thing, made?: (thing: Thing) => string, name: (thing: Thing) => string, onSaved?: (thing: Thing) => void}} its
 */
export function useForm({ kind, id, fields, fresh, made, name, onSaved }) {
  const own = ownName(kind, id, fields);
  const there = thingOf(kind, id), thing = there ?? fresh ?? {};
  const begun = () => ({ revision: there?.revision ?? "", base: valuesOf(thing, fields), typed: valuesOf(thing, fields), clashes: /** @type {any[]} */ ([]), taken: /** @type {string[]} */ ([]) });
  const wish = draft(own, begun()), wrong = useSignal(""), fieldsWrong = useSignal(/** @type {Wrong[]} */ ([])), effects = useSignal(/** @type {any} */ (null));
  const isBusy = useSignal(false), isAsking = useSignal(false);
  const isTouched = !same(wish.value.typed, wish.value.base);
  useEffect(() => void (isTouched || (wish.value = begun())), [there?.revision]);

  /** The whole thing as it would be. @param {Record<string, any>} [typed] */
  const whole = (typed = wish.value.typed) => fields.reduce((it, { at }) => withValue(it, at, typed[at]), /** @type {Thing} */ ({ ...(thingOf(kind, id) ?? fresh ?? {}), revision: wish.value.revision }));
  /** @param {unknown} error */
  const refused = (error) => {
    fieldsWrong.value = wrongFields(error);
    wrong.value = fieldsWrong.value.length && fieldsWrong.value.every((it) => fields.some((field) => isOf(it.field, field.at))) ? "" : explained(error);
  };
  useEffect(() => {
    if (!isTouched) return void ([wrong.value, fieldsWrong.value, effects.value] = ["", [], null]);
    isAsking.value = true;
    const timer = setTimeout(() => would(kind, there ? id : "new", { ...whole(), revision: "" }).then(
      (found) => ([effects.value, wrong.value, fieldsWrong.value] = [found, "", []]),
      (error) => (refused(error), (effects.value = null)),
    ).finally(() => (isAsking.value = false)), RESTS);
    return () => clearTimeout(timer);
  }, [JSON.stringify(wish.value.typed)]);

  const form = {
    kind, id, fields, whole: () => whole(), wish, wrong, effects, isTouched, isBusy, isAsking,
    /** @param {string} at */
    value: (at) => wish.value.typed[at],
    /** @param {string} at @returns {any} undefined where it has to be said */
    usual: (at) => valueAt(catalog.value?.defaults[kind] ?? {}, at),
    /** @param {string} at @param {any} value */
    set: (at, value) => (wish.value = { ...wish.value, typed: { ...wish.value.typed, [at]: value } }),
    /** @param {string} at @returns {string} why it cannot be so */
    problem: (at) => fieldsWrong.value.filter((it) => isOf(it.field, at)).map((it) => it.reason).join(" "),
    /** Of this part and no larger one. @param {string} at @returns {string} */
    problemIn: (at) => fieldsWrong.value.filter((it) => it.field === at || it.field.startsWith(`${at}.`)).map((it) => it.reason).join(" "),
    leave: () => (done(own), (wish.value = begun()), !there && onSaved?.({})),
    save: () => saving(),
  };

  async function saving() {
    if (isBusy.value) return;
    isBusy.value = true;
    const before = thingOf(kind, id);
    try {
      const its = before || !made ? id : made(whole()), saved = await saved_(its, before);
      done(own);
      say(t("settings.saved", { what: name(saved) }), { undo: () => takenBack(its, before) });
      onSaved?.(saved);
    } catch (error) {
      refused(error);
    } finally {
      isBusy.value = false;
    }
  }

  /** What another saved meanwhile is taken over, and what both changed is asked about. @param {string} its @param {Thing | undefined} before */
  async function saved_(its, before) {
    try {
      return await save(kind, its, whole());
    } catch (error) {
      if (!(error instanceof Problem && error.code === "outdated")) throw error;
      await loadCatalog();
      const now = thingOf(kind, id) ?? before ?? {}, met = meeting(wish.value, valuesOf(now, fields));
      wish.value = { revision: now.revision ?? "", base: valuesOf(now, fields), ...met };
      if (met.clashes.length) throw error;
      return save(kind, id, whole());
    }
  }

  /** @param {string} its @param {Thing | undefined} before */
  async function takenBack(its, before) {
    try {
      await putBack(kind, its, before);
      done(own);
      say(t("settings.put_back", { what: name(before ?? fresh ?? {}) }));
    } catch (error) {
      say(explained(error), { wrong: true });
    }
  }
  return form;
}

/** Whether a refusal of one is shown at the other: the same, or a part of it. @param {string} field @param {string} at */
const isOf = (field, at) => field === at || field.startsWith(`${at}.`) || at.startsWith(`${field}.`);

/** What it is called, in words. @param {Kind} kind @param {string} at */
export const called = (kind, at) => named("set", `${kind}.${at}`);
/** What it does. @param {Kind} kind @param {string} at */
export const does = (kind, at) => named("set_does", `${kind}.${at}`);
