/** What staff wrote down about a client: who, when, pinned as a warning or not; taken away and brought back. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { get, post, send } from "desk/api";
import { staffName } from "desk/business";
import { client, pathOf, take, writeNote } from "desk/client_store";
import { done, draft } from "desk/drafts";
import { icon } from "desk/icon";
import { time } from "desk/parts";
import { explained } from "desk/refusals";
import { say } from "desk/toasts";
import { soon } from "desk/when";
import { many, t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */
/** @typedef {import("./types").Note} Note */

const LONGEST = 2000; // characters, as the API takes them

/** @param {{its: ClientRecord}} its */
export function Notes({ its }) {
  const older = useSignal(/** @type {Note[]} */ ([])), wrong = useSignal("");
  const shown = [...its.notes, ...older.value.filter((note) => its.notes.every((it) => it.id !== note.id))];
  const left = its.older_notes - older.value.length;
  const more = () => get(`${pathOf(its.id)}/notes?${new URLSearchParams(shown.length ? { before: shown[shown.length - 1].id } : {})}`)
    .then((found) => (older.value = [...older.value, ...found.notes]), (error) => (wrong.value = explained(error)));
  return html`<section aria-labelledby="notes-title"><h2 id="notes-title">${t("notes.title")}</h2>
    <${NewNote} id=${its.id} />
    ${shown.length === 0 && html`<p class="about">${t("notes.none")}</p>`}
    <ul class="ledger">${shown.map((note) => html`<li key=${note.id} class=${note.pinned ? "note is-pinned" : "note"}>
      <p class="lines">${note.pinned && html`<span class="pinned">${icon("pin")} ${t("notes.pinned")}</span> `}${note.text}</p>
      <p class="about">${staffName(note.by)} · ${time(note.at, soon)}
        <button type="button" class="plain" onClick=${() => pin(its.id, note)}>${note.pinned ? t("notes.unpin") : t("notes.pin")}</button>
        <button type="button" class="plain" onClick=${() => remove(its, note, older)}>${t("notes.remove")}</button></p></li>`)}</ul>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${left > 0 && html`<p><button type="button" class="button" onClick=${more}>${many("notes.older", left)}</button></p>`}
  </section>`;
}

/** @param {{id: string}} its */
function NewNote({ id }) {
  const name = `note.${id}`, typed = draft(name, { text: "", pinned: false }), wrong = useSignal("");
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    const { text, pinned } = typed.value;
    try {
      const after = await writeNote(id, text.trim(), pinned);
      done(name);
      wrong.value = "";
      const made = after.notes.find((/** @type {Note} */ it) => it.text === text.trim());
      say(t("did.note", { name: after.name }), { undo: made && (() => remove(after, made)) });
    } catch (error) {
      wrong.value = explained(error);
    }
  };
  return html`<form class="new-note" onSubmit=${save}>
    <label class="unseen" for="note">${t("notes.new")}</label>
    <textarea id="note" rows="2" maxlength=${LONGEST} placeholder=${t("notes.new")} value=${typed.value.text}
      onInput=${(/** @type {any} */ event) => (typed.value = { ...typed.value, text: event.target.value })}></textarea>
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    <p class="deeds"><label class="choice"><input type="checkbox" checked=${typed.value.pinned} onChange=${(/** @type {any} */ event) => (typed.value = { ...typed.value, pinned: event.target.checked })} /> ${t("notes.pin_new")}</label>
      <button class="button" disabled=${!typed.value.text.trim()}>${t("notes.save")}</button></p>
  </form>`;
}

/** @param {string} id @param {Note} note */
const noteOf = (id, note) => `${pathOf(id)}/notes/${encodeURIComponent(note.id)}`;
/** @param {unknown} error */
const refused = (error) => say(explained(error), { wrong: true });

/** @param {string} id @param {Note} note */
async function pin(id, note) {
  const drawn = { ...note, pinned: !note.pinned };
  redraw(id, (it) => (it.id === note.id ? drawn : it));
  try {
    take(await send("PATCH", noteOf(id, note), { pinned: drawn.pinned }));
    say(drawn.pinned ? t("did.pin") : t("did.unpin"), { undo: () => pin(id, drawn) });
  } catch (error) {
    redraw(id, (it) => (it.id === note.id ? note : it));
    refused(error);
  }
}

/** @param {ClientRecord} its @param {Note} note @param {{value: Note[]}} [older] those shown beside the client's own */
async function remove(its, note, older = { value: [] }) {
  const shown = older.value;
  redraw(its.id, (it) => (it.id === note.id ? null : it));
  older.value = shown.filter((it) => it.id !== note.id);
  try {
    take(await send("DELETE", noteOf(its.id, note)));
    say(t("did.note_removed"), { undo: () => bringBack(its.id, note).then(() => void (older.value = shown)) });
  } catch (error) {
    older.value = shown;
    take(its);
    refused(error);
  }
}

/** As it was: who wrote it, when, pinned or not. @param {string} id @param {Note} note */
async function bringBack(id, note) {
  try {
    take(await post(`${noteOf(id, note)}/bring-back`));
    say(t("did.note_back"));
  } catch (error) {
    refused(error);
  }
}

/** @param {string} id @param {(note: Note) => Note | null} as */
function redraw(id, as) {
  const its = client.value;
  if (its?.id !== id) return;
  take({ ...its, notes: /** @type {Note[]} */ (its.notes.map(as).filter(Boolean)) });
}
