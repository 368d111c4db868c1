/** Replies that are kept for often: filled for the client as they are chosen; whoever leads the business writes them here. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, send } from "desk/api";
import { me } from "desk/business";
import { done, draft } from "desk/drafts";
import { Field } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { LANGUAGES, named, t } from "desk/words";

/** @typedef {{id: string, title: string, texts: Record<string, string>, revision: string, language?: string, text?: string, missing?: string[]}} SavedReply */
/** @typedef {{replies: SavedReply[], most: number, places: string[]}} SavedReplies */

const NAME = "saved_reply";
/** @param {string} id */
const replyAt = (id) => `/v1/desk/saved-replies/${encodeURIComponent(id)}`;

/** @param {{id: string, typed: string, onChoose: (words: string) => void, onLoaded: (places: string[]) => void}} its of which client */
export function SavedReplies({ id, typed, onChoose, onLoaded }) {
  const found = useSignal(/** @type {SavedReplies | null} */ (null)), wrong = useSignal(""), isEditing = useSignal(false);
  const load = () => get(`/v1/desk/saved-replies?${new URLSearchParams({ client: id })}`).then((all) => {
    found.value = all;
    onLoaded(all.places);
  }, (error) => (wrong.value = explained(error)));
  useEffect(() => void load(), [id]);
  const replies = found.value?.replies ?? [];
  /** @param {any} event */
  const choose = (event) => {
    const chosen = replies.find((it) => it.id === event.target.value);
    event.target.value = "";
    if (chosen) onChoose(chosen.text ?? "");
  };
  return html`<div class="saved">
    <label class="unseen" for="saved-reply">${t("saved.title")}</label>
    <select id="saved-reply" onChange=${choose} disabled=${!replies.length}><option value="">${replies.length || !found.value ? t("saved.choose") : t("saved.none")}</option>
      ${replies.map((it) => html`<option key=${it.id} value=${it.id}>${it.title}</option>`)}</select>
    ${me.value?.leads && html`<button type="button" class="plain" aria-expanded=${isEditing.value} onClick=${() => (isEditing.value = !isEditing.value)}>${t("saved.edit")}</button>`}
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${isEditing.value && found.value && html`<${Editor} all=${found.value} typed=${typed} onDone=${() => ((isEditing.value = false), load())} />`}
  </div>`;
}

/** A new one begins with what is typed. It stands in a form, and is none itself. @param {{all: SavedReplies, typed: string, onDone: () => void}} its */
function Editor({ all, typed, onDone }) {
  /** @type {SavedReply} */
  const fresh = { id: "", title: "", texts: { [LANGUAGES[0]]: typed }, revision: "" };
  const wish = draft(NAME, fresh), its = wish.value ?? fresh, wrong = useSignal("");
  /** @param {Partial<SavedReply>} more */
  const set = (more) => (wish.value = { ...its, ...more });
  /** @param {() => Promise<any>} act @param {string} did @param {() => Promise<void>} [undo] */
  const does = async (act, did, undo) => {
    try {
      await act();
      done(NAME);
      say(did, { undo });
      onDone();
    } catch (error) {
      wrong.value = explained(error);
    }
  };
  const title = its.title.trim(), texts = Object.fromEntries(Object.entries(its.texts).filter(([, words]) => words.trim()));
  const save = () => does(() => send("PUT", replyAt(its.id || crypto.randomUUID()), { title, texts, revision: its.revision }), t("did.saved_reply", { title }));
  const kept = all.replies.find((it) => it.id === its.id);
  const remove = () => kept && does(() => send("DELETE", replyAt(kept.id)), t("did.reply_removed", { title: kept.title }),
    () => send("PUT", replyAt(kept.id), { title: kept.title, texts: kept.texts }).then(onDone, (error) => say(explained(error), { wrong: true })));
  return html`<div class="panel" role="group" aria-label=${t("saved.edit")}>
    <${Field} label=${t("saved.which")} name="saved-which"><select id="saved-which" value=${its.id} onChange=${(/** @type {any} */ event) => (wish.value = all.replies.find((it) => it.id === event.target.value) ?? fresh)}>
      <option value="">${t("saved.new")}</option>${all.replies.map((it) => html`<option key=${it.id} value=${it.id}>${it.title}</option>`)}</select><//>
    <${Field} label=${t("saved.name")} name="saved-title"><input id="saved-title" value=${its.title} maxlength="60" onInput=${(/** @type {any} */ event) => set({ title: event.target.value })} /><//>
    ${LANGUAGES.map((tag) => html`<${Field} key=${tag} label=${named("tongue", tag)} name="saved-${tag}"><textarea id="saved-${tag}" lang=${tag} rows="2" maxlength="1000" value=${its.texts[tag] ?? ""}
      onInput=${(/** @type {any} */ event) => set({ texts: { ...its.texts, [tag]: event.target.value } })}></textarea><//>`)}
    <p class="hint">${t("saved.places", { places: all.places.map((it) => `{${it}}`).join(" ") })}</p>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds"><button type="button" class="button" disabled=${!title || !Object.keys(texts).length} onClick=${save}>${t("saved.save")}</button>
      ${kept && html`<button type="button" class="button" onClick=${remove}>${t("saved.remove")}</button>`}</p>
  </div>`;
}
