/** A day that cannot be: of whom, when and why, and whom it reaches, before it is decided; what was decided lately. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get, post } from "desk/api";
import { business, me, serviceName, staffName } from "desk/business";
import { Watched, begun } from "desk/closure/watched";
import { placeName, whenOf } from "desk/closure/said";
import { day, refresh } from "desk/day_store";
import { done, draft } from "desk/drafts";
import { Drawer } from "desk/drawer";
import { now } from "desk/page";
import { Empty, Failed, Field, Skeleton, badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { address, asking, go } from "desk/route";
import { clock, instant, soon, timeValue, today } from "desk/when";
import { language, many, named, sentences, t } from "desk/words";

/** @typedef {import("./watched").Closed} Closed */
/** @typedef {{appointment: string, client_name: string, service: string, start: string, staff: string, instead: string | null, instead_staff: string | null, channel: string | null, tell_at: string | null}} Proposed */
/** @typedef {{reached: Proposed[], words: Record<string, string>}} Seen */
/** @typedef {{who: string, on: string, from: string, untilOn: string, until: string, why: string, words: Record<string, string>}} Form */

const SETTLED = 300, QUARTER = 15 * 60_000, LONGEST = 14 * 86_400_000; // ms
const WHYS = ["ill", "power", "storm", "water"];

/** @param {{on: string, onClose: () => void}} its */
export function Closing({ on, onClose }) {
  const id = address.value.searchParams.get("closing") ?? "";
  if (!me.value?.leads) return html`<${Drawer} title=${t("closure.title")} onClose=${onClose}><${Empty} title=${t("closure.not_yours")} text=${t("refused.role")} /><//>`;
  return id !== "new" ? html`<${Watched} key=${id} id=${id} onClose=${onClose} />` : html`<${Deciding} on=${on} onClose=${onClose} />`;
}

/** From this quarter of an hour on, or from when somebody is there, until nobody is. @param {string} on @returns {Form} */
function usual(on) {
  const hours = (day.value?.on === on ? day.value.staff : []).flatMap((it) => it.hours), who = address.value.searchParams.get("who") ?? "";
  const first = hours.map((it) => it.start).sort()[0], last = hours.map((it) => it.end).sort().at(-1);
  const from = on === today() ? timeValue(Math.floor(now() / QUARTER) * QUARTER) : first ? timeValue(first) : "09:00";
  const until = last ? timeValue(last) : "20:00";
  return { who: day.value?.staff.some((it) => it.id === who) ? `staff:${who}` : "", on, from, untilOn: on, until: until > from ? until : "23:45", why: "", words: {} };
}

/** @param {Form} its */
function wishOf({ who, on, from, untilOn, until }) {
  const [scope = "", of] = who.split(/:(.*)/s);
  return { scope, ...(of && { of }), start: instant(on, from), end: instant(untilOn, until) };
}

/** Why that cannot be asked for, if it cannot. @param {{start: string, end: string}} wish */
function senseless({ start, end }) {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  if (until <= from) return t("closure.order");
  if (until - from > LONGEST) return t("closure.long");
  return until <= now() ? t("closure.past") : "";
}

/** @param {{on: string, onClose: () => void}} its */
function Deciding({ on, onClose }) {
  const form = draft(`closing.${on}`, /** @type {Form | null} */ (null)), its = form.value ?? usual(on);
  const seen = useSignal(/** @type {Seen | null} */ (null)), wrong = useSignal(""), looked = useSignal(0), lately = useSignal(/** @type {Closed[]} */ ([]));
  const key = useRef({ of: "", is: "" }), { refused, isBusy, acts } = useActing();
  const sets = (/** @type {Partial<Form>} */ more) => (form.value = { ...its, ...more });
  const wish = its.who && its.on && its.from && its.untilOn && its.until ? wishOf(its) : null, asked = wish && !senseless(wish) ? JSON.stringify(wish) : "";
  useEffect(() => {
    [seen.value, wrong.value] = [null, ""];
    if (!asked) return;
    let isOld = false;
    const timer = setTimeout(() => post("/v1/desk/closures/preview", JSON.parse(asked)).then((found) => isOld || (seen.value = found), (error) => isOld || (wrong.value = explained(error))), SETTLED);
    return () => void ((isOld = true), clearTimeout(timer));
  }, [asked, looked.value]);
  useEffect(() => void get("/v1/desk/closures").then((found) => (lately.value = found), () => {}), []);
  const reached = seen.value?.reached ?? [], moved = reached.filter((it) => it.instead);
  const prepared = { [business.value?.locale ?? "en"]: "", ...seen.value?.words };
  const same = wish && lately.value.find((it) => !it.undone_at && it.scope === wish.scope && (it.of ?? undefined) === wish.of && Date.parse(it.start) < Date.parse(wish.end) && Date.parse(wish.start) < Date.parse(it.end));
  /** @param {SubmitEvent} event */
  const decide = (event) => {
    event.preventDefault();
    return acts(async () => {
      const words = Object.fromEntries(Object.entries({ ...prepared, ...its.words }).filter(([, text]) => text.trim())), body = { ...JSON.parse(asked), why: its.why.trim(), words }, of = JSON.stringify(body);
      if (key.current.of !== of) key.current = { of, is: crypto.randomUUID() };
      try {
        const made = await post("/v1/desk/closures", body, key.current.is);
        begun.value = made;
        go(asking({ closing: made.id }), { replace: true });
        done(`closing.${on}`);
      } catch (error) {
        looked.value += 1; // how it stands by now
        throw error;
      } finally {
        void refresh();
      }
    });
  };
  const input = (/** @type {"on" | "from" | "untilOn" | "until"} */ name, /** @type {string} */ type) => html`<${Field} label=${t(`closure.${name}`)} name="closing-${name}"><input id="closing-${name}" type=${type} required value=${its[name]}
    onInput=${(/** @type {any} */ event) => sets({ [name]: event.target.value, ...(name === "on" && event.target.value > its.untilOn && { untilOn: event.target.value }) })} /><//>`;
  return html`<${Drawer} title=${t("closure.title")} onClose=${onClose} first="closing-who" wide=${true}
    actions=${html`<p class="deeds"><button class="main" form="closing-form" disabled=${isBusy.value || !seen.value || !its.why.trim()}>${!seen.value || !moved.length ? t("closure.do") : many("closure.do_and_move", moved.length)}</button>
      <span class="about">${seen.value && !its.why.trim() ? t("closure.needs_why") : t("closure.undoable")}</span></p>`}>
    <form id="closing-form" onSubmit=${decide}>
      <${Field} label=${t("closure.who")} name="closing-who"><select id="closing-who" required value=${its.who} onChange=${(/** @type {any} */ event) => sets({ who: event.target.value })}>
        <option value="">${t("closure.choose")}</option><option value="house">${t("closure.house")}</option>
        <optgroup label=${t("closure.people")}>${(day.value?.staff ?? []).map((it) => html`<option key=${it.id} value="staff:${it.id}">${it.name}</option>`)}</optgroup>
        ${(day.value?.rooms.length ?? 0) > 0 && html`<optgroup label=${t("day.rooms")}>${day.value?.rooms.map((it) => html`<option key=${it.id} value="room:${it.id}">${it.name}</option>`)}</optgroup>`}</select><//>
      <div class="pair">${input("on", "date")}${input("from", "time")}${input("untilOn", "date")}${input("until", "time")}</div>
      <${Field} label=${t("closure.why")} name="closing-why" hint=${t("closure.why_hint")}><input id="closing-why" required maxlength="200" list="closing-whys" autocomplete="off" value=${its.why} onInput=${(/** @type {any} */ event) => sets({ why: event.target.value })} />
        <datalist id="closing-whys">${WHYS.map((it) => html`<option key=${it} value=${t(`closure_why.${it}`)}></option>`)}</datalist><//>
      ${refused.value && html`<p class="wrong" role="alert">${sentences(refused.value, t("closure.as_it_stands"))}</p>`}
      ${same && html`<p class="note" role="status">${t("closure.already", { when: whenOf(same), why: same.why })} <a class="button" href=${asking({ closing: same.id })}>${t("closure.look")}</a></p>`}
      ${wish && senseless(wish) && html`<p class="wrong" role="alert">${senseless(wish)}</p>`}
      ${wrong.value ? html`<${Failed} why=${wrong.value} again=${() => (looked.value += 1)} />` : asked && !seen.value ? html`<${Skeleton} rows=${4} />` : null}
      ${!its.who && html`<${Empty} title=${t("closure.begin")} text=${t("closure.begin_text")} />`}
      ${seen.value && (reached.length ? html`<${Reached} reached=${reached} moved=${moved} />
        ${moved.length > 0 && html`<h3>${t("closure.words")}</h3><p class="about">${t("closure.words_does")}</p>
        ${Object.entries(prepared).map(([tag, text]) => html`<${Field} key=${tag} label=${languageName(tag)} name="closing-words-${tag}"><textarea id="closing-words-${tag}" rows="2" maxlength="500" lang=${tag} value=${its.words[tag] ?? text} onInput=${(/** @type {any} */ event) => sets({ words: { ...its.words, [tag]: event.target.value } })}></textarea><//>`)}`}`
        : html`<p role="status">${t("closure.nobody")}</p>`)}
    </form>
    ${lately.value.length > 0 && html`<h3>${t("closure.lately")}</h3><ol class="cards work">${lately.value.map((it) => html`<li class="row small" key=${it.id}><a class="row-open" href=${asking({ closing: it.id })}><strong class="name">${placeName(it)}</strong> ${whenOf(it)} <span class="about">${it.why}</span></a>${it.undone_at && html`<span class="row-state about">${t("closure.was_undone")}</span>`}</li>`)}</ol>`}
  <//>`;
}

/** @param {string} tag */
const languageName = (tag) => new Intl.DisplayNames(language.value, { type: "language" }).of(tag) ?? tag;

/** In the order of their start, and what cannot be proposed before all. @param {{reached: Proposed[], moved: Proposed[]}} its */
function Reached({ reached, moved }) {
  const calls = reached.filter((it) => !it.channel), told = moved.flatMap((it) => it.tell_at ?? []).sort();
  return html`<h3>${many("closure.reaches", reached.length)}</h3>
    <p role="status">${sentences(moved.length > 0 && t("closure.of_them", { n: moved.length, all: reached.length }), calls.length > 0 && many("closure.to_call", calls.length), told.length > 0 && t(told[0] === told.at(-1) ? "closure.told_at" : "closure.told_between", { from: soon(told[0] ?? ""), until: clock(told.at(-1) ?? "") }))}</p>
    <ol class="cards work">${[...calls, ...reached.filter((it) => it.channel)].map((it) => html`<li class="row" key=${it.appointment}><div class="row-open" tabindex="-1"><strong class="name">${it.client_name}</strong> <span class="about">${serviceName(it.service)} · ${staffName(it.instead_staff ?? it.staff)}</span><br />${time(it.start, soon)}${it.instead && html` → <strong>${time(it.instead, soon)}</strong>`}</div>
      <span class="row-state">${!it.instead ? html`<span class="status message-failed">${t("closure.no_time")}</span>` : it.channel && it.tell_at ? html`<span class="about">${named("by", it.channel)}, ${time(it.tell_at, clock)}</span>` : badge("reached", "call")}</span></li>`)}</ol>`;
}
