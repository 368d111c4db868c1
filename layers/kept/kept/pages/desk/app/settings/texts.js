/** Texts in the business's own words, written beside how they are read: in each language, over each channel, with their parts. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Problem, post, send } from "desk/api";
import { same } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { Field, atCtrlEnter } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { catalog, loadCatalog, pathOf } from "desk/settings/settings_store";
import { say } from "desk/toasts";
import { LANGUAGES, language, many, named, t } from "desk/words";

/** @typedef {Record<string, string>} Blocks */
/** @typedef {{said: any[], names: string[], ours: Blocks}} Preview */

const BLOCKS = ["subject", "body", "sms", "button"], RESTS = 400;
const TO_CLIENTS = ["confirmation", "asked_for", "declined", "two_days", "at_risk", "same_day", "reminder", "rescheduled", "cancelled", "confirmed", "on_my_way", "missed_you", "missed_again", "missed_last", "running_late", "made_good", "nobodys_fault", "dispute_upheld", "dispute_refused", "move_options", "waits", "received", "recall", "survey", "dismissal"];
const TO_STAFF = ["call", "staff_booked", "staff_moved", "staff_cancelled", "day_list", "day_end", "week_figures"];

/** @param {string} tag @param {string} stage @returns {any} */
const ownOf = (tag, stage) => catalog.value?.texts.find((it) => it.language === tag && it.stage === stage);
/** @param {any} own @returns {Blocks} */
const blocksOf = (own) => Object.fromEntries(BLOCKS.map((block) => [block, own?.[block] ?? ""]));
/** @param {string} tag @param {string} stage */
const textOf = (tag, stage) => pathOf("texts", `${tag}/${stage}`);

export function Texts() {
  const asked = address.value.searchParams, added = [...new Set([...(catalog.value?.business.stages ?? []), ...(catalog.value?.services ?? []).flatMap((it) => it.stages ?? [])].map((it) => it.name))].filter((it) => !TO_CLIENTS.includes(it));
  const stages = [...TO_CLIENTS, ...added, ...TO_STAFF], stage = stages.includes(asked.get("stage") ?? "") ? /** @type {string} */ (asked.get("stage")) : stages[0];
  const tag = LANGUAGES.includes(asked.get("in") ?? "") ? /** @type {string} */ (asked.get("in")) : language.value;
  /** @param {string} it */
  const option = (it) => html`<option key=${it} value=${it}>${named("stage", it)}${LANGUAGES.some((tag) => ownOf(tag, it)) ? ` (${t("texts.own")})` : ""}</option>`;
  return html`<div class="pair"><${Field} label=${t("texts.which")} name="text-stage"><select id="text-stage" value=${stage} onChange=${(/** @type {any} */ event) => go(asking({ stage: event.target.value }))}>
      <optgroup label=${t("texts.to_clients")}>${[...TO_CLIENTS, ...added].map(option)}</optgroup><optgroup label=${t("texts.to_staff")}>${TO_STAFF.map(option)}</optgroup></select><//>
    <div class="field"><span class="label" id="text-in">${t("language")}</span><nav class="choices" aria-labelledby="text-in">${LANGUAGES.map((it) => html`<a key=${it} class="chip-link" href=${asking({ in: it })} aria-current=${it === tag ? "true" : undefined}>${named("tongue", it)}</a>`)}</nav></div></div>
    <${Editor} key=${`${tag}/${stage}`} tag=${tag} stage=${stage} />`;
}

/** @param {{tag: string, stage: string}} its */
function Editor({ tag, stage }) {
  const own = ownOf(tag, stage), name = `settings.texts.${tag}.${stage}`, begun = () => ({ revision: own?.revision ?? "", base: blocksOf(own), typed: blocksOf(own) });
  const wish = draft(name, begun()), shown = useSignal(/** @type {Preview | null} */ (null)), wrong = useSignal(""), problems = useSignal(/** @type {Blocks} */ ({})), isBusy = useSignal(false);
  const { typed, base } = wish.value, isTouched = !same(typed, base), isEmpty = BLOCKS.every((block) => !typed[block].trim());
  useEffect(() => void (isTouched || (wish.value = begun())), [own?.revision]);
  /** @param {unknown} error */
  const refused = (error) => {
    const at = error instanceof Problem && BLOCKS.includes(error.about.field) ? error.about.field : "";
    [problems.value, wrong.value] = at ? [{ [at]: /** @type {Problem} */ (error).about.reason }, ""] : [{}, explained(error)];
  };
  useEffect(() => {
    const timer = setTimeout(() => post(`${textOf(tag, stage)}/preview`, typed).then((found) => ([shown.value, problems.value, wrong.value] = [found, {}, ""]), refused), shown.value ? RESTS : 0);
    return () => clearTimeout(timer);
  }, [JSON.stringify(typed)]);
  /** @param {string} block @param {string} words */
  const set = (block, words) => (wish.value = { ...wish.value, typed: { ...wish.value.typed, [block]: words } });
  /** @param {Blocks} blocks @param {string} revision */
  const write = (blocks, revision) => (BLOCKS.every((block) => !blocks[block].trim()) ? send("DELETE", textOf(tag, stage)) : send("PUT", textOf(tag, stage), { ...blocks, revision }));
  const title = `${named("stage", stage)}, ${named("tongue", tag)}`;
  /** @param {Blocks} blocks */
  const save = async (blocks) => {
    if (isBusy.value) return;
    isBusy.value = true;
    const before = blocksOf(ownOf(tag, stage));
    try {
      await write(blocks, wish.value.revision);
      await loadCatalog();
      done(name);
      say(t("settings.saved", { what: title }), { undo: () => write(before, ownOf(tag, stage)?.revision ?? "").then(loadCatalog).then(() => say(t("settings.put_back", { what: title })), (error) => say(explained(error), { wrong: true })) });
    } catch (error) {
      refused(error);
      if (error instanceof Problem && error.code === "outdated") await loadCatalog().then(() => (wish.value = { ...wish.value, revision: ownOf(tag, stage)?.revision ?? "" }), () => {});
    } finally {
      isBusy.value = false;
    }
  };
  const ours = shown.value?.ours ?? {};
  return html`<div class="text-editor"><form class="settings-form" onKeyDown=${atCtrlEnter(() => save(typed))} onSubmit=${(/** @type {SubmitEvent} */ event) => (event.preventDefault(), save(typed))}>
      <section><p class="hint">${t("texts.does")}</p>
      ${BLOCKS.filter((block) => block in ours || typed[block]).map((block) => html`<${Field} key=${block} label=${named("text_part", block)} name="text-${block}" problem=${problems.value[block]} hint=${named("text_part_does", block)}>
        <textarea id="text-${block}" lang=${tag} rows=${block === "body" ? 8 : block === "sms" ? 4 : 2} maxlength="2000" value=${typed[block]} placeholder=${ours[block] ?? ""} aria-describedby=${`text-${block}-hint${problems.value[block] ? ` text-${block}-problem` : ""}`} onInput=${(/** @type {any} */ event) => set(block, event.target.value)}></textarea>
        ${typed[block] ? html`<button type="button" class="plain back-to" aria-label="${t("texts.ours")}: ${named("text_part", block)}" onClick=${() => set(block, "")}>${t("texts.ours")}</button>` : ours[block] && html`<button type="button" class="plain back-to" aria-label="${t("texts.begin")}: ${named("text_part", block)}" onClick=${() => set(block, ours[block])}>${t("texts.begin")}</button>`}<//>`)}
      ${(shown.value?.names.length ?? 0) > 0 && html`<details><summary>${t("texts.names")}</summary><p class="names">${shown.value?.names.map((it) => html`<code key=${it}>{{ ${it} }}</code> `)}</p></details>`}</section>
      ${wrong.value && html`<div class="wrong" role="alert"><p>${wrong.value}</p></div>`}
      <p class="about">${t("texts.whom")}</p>
      <p class="deeds settings-save"><button class="main" disabled=${!isTouched || isBusy.value}>${isEmpty && own ? t("texts.save_ours") : t("settings.save")}</button>
        ${isTouched && html`<button type="button" class="button" onClick=${() => (done(name), (wish.value = begun()))}>${t("settings.leave")}</button>`}</p></form>
    <section class="text-preview" aria-live="polite" aria-label=${t("texts.preview")}><h2>${t("texts.preview")}</h2>
      ${shown.value?.said.map((it) => html`<article key=${it.channel} class="said-so" lang=${tag}><h3 lang=${language.value}>${named("way_of", it.channel)}${it.encoding && html` <span class="count">${many("answer.parts", it.parts)}</span>`}</h3>
        ${it.subject && html`<p><strong>${it.subject}</strong></p>`}<p class="lines">${it.text}</p></article>`)}</section></div>`;
}
