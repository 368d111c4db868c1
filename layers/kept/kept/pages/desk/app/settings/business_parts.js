/** The parts of the settings that are of the business itself: which fields each has, and by which input each is set. */

import { named } from "desk/words";

/** @typedef {import("desk/settings/form").Group} Group */

const CHANNELS = ["sms", "email", "whatsapp", "wechat", "webhook", "call"];
/** @param {string} at @param {string} as @param {Record<string, any>} [more] */
const set = (at, as, more = {}) => ({ at, as, ...more });

/** @type {Record<string, Group[]>} */
export const BUSINESS_PARTS = {
  business: [
    { title: "who", fields: [set("name", "text", { needed: true, most: 100 }), set("names", "names"), set("address", "text"), set("phone", "text", { type: "tel" }), set("email", "text", { type: "email" })] },
    { title: "where", fields: [set("country", "text", { needed: true, most: 6 }), set("tz", "text", { needed: true, list: "zones" }), set("currency", "text", { needed: true, most: 3 }), set("locale", "one", { among: ["en", "zh-Hans"], said: (/** @type {string} */ it) => named("tongue", it) }), set("closes_on_holidays", "yes")] },
  ],
  page: [{ title: "page", fields: [set("colour", "text", { most: 7 }), set("embed_origins", "lines"), set("findable", "yes")] }],
  channels: [
    { title: "channels", fields: [set("channels", "ordered", { among: CHANNELS, said: (/** @type {string} */ it) => named("way_of", it) }), set("text_countries", "lines"), set("templates", "pairs")] },
    { title: "terms", fields: [set("text_terms.signature", "text", { most: 20 }), set("text_terms.wechat_name", "text", { most: 20 }), set("text_terms.promoted_in", "lines")] },
  ],
  contact: [
    { title: "quiet", fields: [set("quiet_hours.begins", "time"), set("quiet_hours.ends", "time")] },
    { title: "invitations", fields: [set("contact.opens", "time"), set("contact.closes", "time"), set("contact.never", "spans"), set("contact.best", "spans"), set("contact.holiday_days", "number", { unit: "days", max: 14 }), set("contact.on_holidays", "yes")] },
    { title: "closing", fields: [set("closing_text", "text"), set("closing_texts", "names")] },
    { title: "caps", fields: [set("contact.week_cap", "number", { min: 1, unit: "messages" }), set("contact.month_cap", "number", { min: 1, unit: "messages" }), set("contact.unread_after", "lasting")] },
  ],
  attendance: [
    { title: "checking_in", fields: [set("attendance.checks_in", "yes"), set("attendance.ask_after", "lasting"), set("attendance.grace", "lasting"), set("attendance.extension", "lasting"), set("attendance.longest", "lasting"), set("attendance.release_missed", "yes"), set("attendance.tells_delay", "yes"), set("attendance.dispute_within", "lasting")] },
    { title: "staff_lists", fields: [set("day_list", "time"), set("attendance.day_end_after", "lasting")] },
    { title: "make_good", fields: [set("make_good.on", "yes"), set("make_good.steps", "wait_steps"), set("make_good.day_cap", "minor"), set("make_good.nobodys_fault", "date")] },
    { title: "standing", fields: [set("standing.fewest", "number", { min: 1, unit: "visits" }), set("standing.decay", "lasting"), set("standing.deposit_missed", "number", { min: 1, unit: "visits" }), set("standing.deposit_late", "number", { min: 1, unit: "visits" }), set("standing.restricted_missed", "number", { min: 1, unit: "visits" })] },
    { title: "requests", fields: [set("requests.hold", "lasting"), set("requests.before", "lasting")] },
    { title: "waitlist", fields: [set("waitlist.mode", "one", { among: ["by_lead", "one", "batch", "first", "staff"], said: (/** @type {string} */ it) => named("offers_how", it) }), set("waitlist.far", "lasting"), set("waitlist.near", "lasting"), set("waitlist.lasts", "lasting"), set("waitlist.first_lasts", "lasting"), set("waitlist.batch", "number", { min: 1, max: 20 }), set("waitlist.pause", "lasting"), set("waitlist.cut_off", "lasting"), set("waitlist.passed_by", "number", { min: 1, max: 100 })] },
  ],
  payments: [
    { title: "waivers", fields: [set("money.staff_waives", "minor"), set("money.manager_waives", "minor")] },
    { title: "payments", fields: [set("payments.online", "yes"), set("payments.plan", "one", { among: ["hold", "at_once"], said: (/** @type {string} */ it) => named("paid_how", it) })] },
  ],
  loyalty: [
    { title: "points", fields: [set("points.per_visit", "number", { unit: "points" }), set("points.price", "number", { min: 1, unit: "points" }), set("points.credit", "minor")] },
    { title: "fading", fields: [set("fading.watched", "yes"), set("fading.kept", "number", { min: 1, unit: "visits" }), set("fading.lapses", "number", { min: 1, unit: "visits" }), set("fading.last", "number", { min: 1, unit: "visits" })] },
    { title: "review", fields: [set("review.months", "number", { min: 1, max: 60, unit: "months" }), set("review.often", "number", { min: 1, unit: "visits" })] },
  ],
  figures: [
    { title: "targets", fields: ["figures.came", "figures.confirmed", "figures.fill", "figures.attainment"].map((it) => set(it, "number", { min: 1, max: 100, unit: "percent" })) },
    { title: "letter", fields: [set("figures.letter", "yes")] },
  ],
  strangers: [
    { title: "network", fields: ["network_holds", "network_hour", "network_day"].map((it) => set(`strangers.${it}`, "number", { min: 1 })) },
    { title: "contact", fields: ["contact_day", "contact_open", "contact_messages"].map((it) => set(`strangers.${it}`, "number", { min: 1 })) },
    { title: "all", fields: [set("strangers.business_hour", "number", { min: 1 }), set("strangers.day_share", "number", { min: 1, max: 100, unit: "percent" })] },
  ],
};
