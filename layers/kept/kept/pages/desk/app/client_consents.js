/** Over which channels a client may be written to and why not over others, and what they agreed to, in the words they saw. */

import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { get } from "desk/api";
import { me, staffName } from "desk/business";
import { pathOf } from "desk/client_store";
import { CHANNELS, LiftStop, addressOf } from "desk/consent_drawer";
import { badge, time } from "desk/parts";
import { explained } from "desk/refusals";
import { asking } from "desk/route";
import { moment } from "desk/when";
import { many, named, t } from "desk/words";

/** @typedef {import("./types").ClientRecord} ClientRecord */
/** @typedef {import("./types").Consent} Consent */

const SHOWN = 5;
/** How a statement that staff wrote down says where it comes from. */
const NOTED = /^(in person|by phone), noted by staff:(.+)$/;

/** @param {{its: ClientRecord}} its */
export const Channels = ({ its }) => html`<section aria-labelledby="channels-title"><h2 id="channels-title">${t("channels.title")}</h2>
  ${its.do_not_disturb && html`<p class="about">${t("channels.quiet")}</p>`}
  <ul class="ledger channels">${CHANNELS.map((channel) => {
    const open = Object.entries(its.reached_by).filter(([, over]) => over.includes(channel)).map(([purpose]) => purpose);
    const stopped = stopOf(its, channel);
    return html`<li key=${channel}><strong>${named("channel", channel)}</strong>
      ${open.length ? html`<span class="channel-open">${open.map((purpose) => t(`reaches.${purpose}`)).join(" · ")}</span>` : html`<span class="channel-closed">${whyClosed(its, channel)}</span>`}
      ${stopped && (me.value?.leads ? html`<${LiftStop} its=${its} channel=${channel} />` : html`<span class="about">${t("lift.leads")}</span>`)}</li>`;
  })}</ul></section>`;

/** Why it does not reach them at the address they have now. @param {ClientRecord} its @param {string} channel */
const stopOf = (its, channel) => its.stopped.findLast((it) => it.channel === channel && it.address === addressOf(its, channel));

/** The nearest reason first: no address, a stop, a no, and that nobody asked. @param {ClientRecord} its @param {string} channel */
function whyClosed(its, channel) {
  if (!addressOf(its, channel)) return t("closed.no_address");
  const stopped = stopOf(its, channel);
  if (stopped) return html`${stopped.why} · ${time(stopped.at)}`;
  if (its.do_not_disturb) return t("closed.quiet");
  const last = its.consents.findLast((it) => it.channel === channel);
  if (last?.said === "withdrawn") return html`${t("closed.withdrawn")} · ${time(last.at)}`;
  return last ? t("closed.other") : t("closed.not_asked");
}

/** @param {{its: ClientRecord}} its */
export function Consents({ its }) {
  const earlier = useSignal(/** @type {Consent[]} */ ([])), before = useSignal(its.earlier), wrong = useSignal("");
  const lines = [...its.consents].reverse(), rest = [...lines.slice(SHOWN), ...[...earlier.value].reverse()];
  const more = () => get(`${pathOf(its.id)}/consents?before=${before.value}`).then((found) => {
    earlier.value = [...found.consents, ...earlier.value];
    before.value = found.earlier;
  }, (error) => (wrong.value = explained(error)));
  return html`<section aria-labelledby="consents-title"><h2 id="consents-title">${t("consents.title")}</h2>
    <p class="deeds"><a class="button" id="note-consent" href=${asking({ consent: "new" })}>${t("consent.begin")}</a></p>
    ${lines.length === 0 && html`<p class="about">${t("consents.none")}</p>`}
    <ol class="ledger">${lines.slice(0, SHOWN).map(consent)}</ol>
    ${rest.length > 0 && html`<details><summary>${many("consents.older", rest.length)}</summary><ol class="ledger">${rest.map(consent)}</ol></details>`}
    ${wrong.value && html`<p class="wrong" role="alert">${wrong.value}</p>`}
    ${before.value > 0 && html`<p><button type="button" class="button" onClick=${more}>${many("consents.earlier", before.value)}</button></p>`}
  </section>`;
}

/** @param {Consent} it @param {number} n */
const consent = (it, n) => html`<li key=${`${it.at} ${it.purpose} ${it.channel} ${n}`}>
  <p>${badge("said", it.said)} <strong>${named("purpose", it.purpose)}</strong> <span class="about">${named("by", it.channel)}</span></p>
  ${it.words && html`<blockquote class="lines">${it.words}</blockquote>`}
  <p class="about">${source(it.source)} · ${time(it.at, moment)}</p></li>`;

/** @param {string} from */
function source(from) {
  const [, how, staff] = NOTED.exec(from) ?? [];
  return how ? t(how === "by phone" ? "consents.by_phone" : "consents.in_person", { name: staffName(staff) }) : from;
}
