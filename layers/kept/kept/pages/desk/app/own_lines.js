/** Lines that Kept wrote down about a message or an act, by the names of its kinds, put into the reader's words. */

import { moment } from "desk/when";
import { staffName } from "desk/business";
import { named, t } from "desk/words";

/** @param {string} by */
export const whoDid = (by) => (by.startsWith("staff:") ? staffName(by.slice(6)) : named("who", by.split(":")[0]));

/** What people wrote stays as it is. @param {{by: string}} line */
export const isOurs = (line) => line.by.split(":")[0] === "kept";

/** @param {string} stage @param {string} channel @param {string} status */
const became = (stage, channel, status) => t("own_line.message", { stage: named("stage", stage), by: named("by", channel), status: named("message", status) });

/** @param {string} stage @param {string} channel @param {string} how */
const arrived = (stage, channel, how) => t("own_line.message", { stage: named("stage", stage), by: named("by", channel), status: named("delivery", how) });

/** The first that fits. @type {[RegExp, (...found: string[]) => string][]} */
const FORMS = [
  [/^(\w+) (\w+) sent (\d{4}-\d\d-\d\dT\S+)$/, (stage, channel, at) => t("own_line.at", { what: became(stage, channel, "sent"), when: moment(at) })],
  [/^(\w+) (\w+) (delivered|read) (\d{4}-\d\d-\d\dT\S+)$/, (stage, channel, how, at) => t("own_line.at", { what: arrived(stage, channel, how), when: moment(at) })],
  [/^(\w+) (?:over )?(email|sms|whatsapp|wechat|webhook|call) ([a-z_]+)(?:: ([^]+))?$/, (stage, channel, status, why) => because(became(stage, channel, status), why)],
  [/^(\w+) v\d+ over (email|sms|whatsapp|wechat|webhook|call|-): ([^]+)$/, (act, channel, why) => because(untold(act, channel), why)],
  [/^(\w+) by (\S+) (\d{4}-\d\d-\d\dT\S+)$/, (what, by, at) => t("own_line.at", { what: t("own_line.act", { what: named("event", what), who: whoDid(by) }), when: moment(at) })],
];

/** @param {string} line as it is where it is none of ours */
export function inWords(line) {
  for (const [form, says] of FORMS) {
    const found = form.exec(line);
    if (found) return says(...found.slice(1));
  }
  return line;
}

/** @param {string} what @param {string} [why] */
const because = (what, why) => (why ? t("own_line.because", { what, why }) : what);

/** @param {string} act @param {string} channel */
const untold = (act, channel) => (channel === "-" ? t("own_line.untold", { what: named("event", act) }) : t("own_line.untold_by", { what: named("event", act), by: named("by", channel) }));
