/* The front desk: signs staff in, asks the API with their token, and shows the day, its end, one appointment or one
   follow-up.
   Only the sign-in (in this tab) and the chosen language are kept. What people wrote becomes text, never markup. */

const page = document.documentElement.dataset;
const main = document.querySelector("main");
const SIGNED_IN = "kept.signed-in", LEAVING = "kept.leaving", LANGUAGE = "kept.language";
const SOON = 60_000; // ms; a token that ends so soon is renewed before it is used, a page so old when it is looked at
const opened = Date.now();
const recall = (name) => JSON.parse(sessionStorage.getItem(name));
const remember = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));
let session = recall(SIGNED_IN), business = null, words = {};

class Trouble extends Error {}
/* What was asked for cannot be so, and why: a choice of the person in front of the screen. */
class Refused extends Error {
  constructor(problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/* Signing in: the authorization code with PKCE (RFC 7636), at the user pool's own page. */
const callback = `${page.address}/desk/callback`;

function encoded(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function signIn() {
  const back = location.pathname === "/desk/callback" ? "/desk" : location.pathname + location.search;
  if (location.origin !== new URL(page.address).origin) return location.assign(page.address + back);
  const [verifier, state] = [1, 2].map(() => encoded(crypto.getRandomValues(new Uint8Array(32))));
  const challenge = encoded(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  remember(LEAVING, { verifier, state, back });
  location.assign(`${page.signIn}/oauth2/authorize?${new URLSearchParams({
    response_type: "code", client_id: page.client, redirect_uri: callback, scope: "openid", state,
    code_challenge: challenge, code_challenge_method: "S256",
  })}`);
}

/* Only the tab that left for the sign-in takes its answer, and only once. */
async function comeBack(asked) {
  const left = recall(LEAVING), code = asked.get("code");
  sessionStorage.removeItem(LEAVING);
  if (!left || !code || asked.get("state") !== left.state) throw new Trouble("refused");
  const grant = { grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: left.verifier };
  if (!(await exchange(grant))) throw new Trouble("refused");
  location.replace(left.back);
}

async function exchange(grant) {
  const body = new URLSearchParams({ client_id: page.client, ...grant });
  const answer = await reach(`${page.signIn}/oauth2/token`, { method: "POST", body });
  if (!answer.ok) return false;
  const { id_token: token, refresh_token: refresh = session?.refresh, expires_in: seconds } = await answer.json();
  remember(SIGNED_IN, (session = { token, refresh, until: Date.now() + seconds * 1000 }));
  return true;
}

async function renew() {
  if (await exchange({ grant_type: "refresh_token", refresh_token: session.refresh })) return;
  sessionStorage.removeItem(SIGNED_IN);
  throw new Trouble("ended");
}

function signOut() {
  const us = { client_id: page.client };
  navigator.sendBeacon(`${page.signIn}/oauth2/revoke`, new URLSearchParams({ token: session.refresh, ...us }));
  sessionStorage.removeItem(SIGNED_IN);
  location.assign(`${page.signIn}/logout?${new URLSearchParams({ logout_uri: `${page.address}/desk`, ...us })}`);
}

function claims() {
  const middle = session.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(middle), (letter) => letter.charCodeAt(0))));
}

/* Asking */
async function reach(address, how) {
  try {
    return await fetch(address, { ...how, cache: "no-store", signal: AbortSignal.timeout(30_000) });
  } catch {
    throw new Trouble("unreachable");
  }
}

async function api(path, body) {
  const key = crypto.randomUUID();
  const ask = () => reach(path, {
    method: body ? "POST" : "GET",
    body: body && JSON.stringify(body),
    headers: { Authorization: `Bearer ${session.token}`, "Accept-Language": document.documentElement.lang, ...(body && { "Content-Type": "application/json", "Idempotency-Key": key }) },
  });
  if (Date.now() > session.until - SOON) await renew();
  let answer = await ask();
  if (answer.status === 401) {
    await renew();
    answer = await ask();
  }
  if (answer.ok) return answer.json();
  if (body && [409, 422].includes(answer.status)) throw new Refused(await answer.json());
  throw new Trouble({ 401: "no_role", 403: "no_role", 404: "unknown", 422: "unknown" }[answer.status] ?? "unreachable");
}

/* Saying */
const filled = (said, facts) => said.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const t = (key, facts = {}) => filled(words[key], facts);
/* What a business or a later version made up is shown by its own name. */
const named = (family, name) => words[`${family}.${name}`] ?? name.replaceAll("_", " ");

function speak(wished) {
  const tags = [...document.querySelectorAll("template")].map((template) => template.lang);
  const kin = (wish) => tags.find((tag) => tag === wish) ?? tags.find((tag) => wish && tag.startsWith(wish.split("-")[0]));
  const language = kin(localStorage.getItem(LANGUAGE)) ?? kin(wished) ?? "en";
  document.documentElement.lang = language;
  words = JSON.parse(document.querySelector(`template[lang=${language}]`).content.textContent);
  document.querySelector("#languages").setAttribute("aria-label", t("language"));
  for (const told of document.querySelectorAll("[data-says]")) told.textContent = t(told.dataset.says);
  for (const choice of document.querySelectorAll("#languages button")) choice.ariaCurrent = choice.lang === language;
}

/* As the business's clocks show it; a day is a date without a zone. */
const dates = (options) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: business.zone, ...options });
const format = (at, options) => dates(options).format(new Date(at));
const clock = (at) => format(at, { timeStyle: "short" });
const span = (it) => dates({ timeStyle: "short" }).formatRange(new Date(it.start), new Date(it.end));
const moment = (at) => format(at, { dateStyle: "medium", timeStyle: "short" });
const dayName = (day) => format(`${day}T12:00Z`, { timeZone: "UTC", dateStyle: "full" });
const dayAfter = (day, days) => new Date(Date.parse(`${day}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const dayOf = (at) => new Intl.DateTimeFormat("sv", { timeZone: business.zone }).format(new Date(at));

function zoneName() {
  const parts = dates({ timeZoneName: "longGeneric" }).formatToParts(new Date(page.now));
  return parts.find(({ type }) => type === "timeZoneName").value;
}

const staffName = (id) => Object.assign({}, ...business.services.map((service) => service.staff))[id] ?? id;

function what(it) {
  const service = business.services.find((service) => service.id === it.service);
  return { service: service?.name ?? it.service, person: staffName(it.staff) };
}

/* Showing */
function h(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat().filter(Boolean));
  return made;
}

function show(title, ...content) {
  document.title = [title, business?.name ?? "Kept"].join(" – ");
  document.querySelector("#told").textContent = title;
  main.replaceChildren(h("h1", {}, title), ...content.flat().filter(Boolean));
}

const badge = (family, name) => h("span", { class: `status ${family}-${name}` }, named(family, name));
const heading = (name, channel) => h("h3", {}, name, " ", h("span", { class: "about" }, named("by", channel)));
const time = (at) => h("time", { datetime: at }, moment(at));
const list = (name, lines, none) => lines.length ? h("ol", { class: name }, lines) : h("p", { class: "lead" }, none);

async function day(asked) {
  const today = dayOf(page.now), on = asked.get("on") || today;
  const visits = await api(`/v1/desk/appointments?${new URLSearchParams({ on })}`);
  const to = (day, key) => h("a", { class: "button", href: `/desk?on=${day}` }, t(key));
  const input = h("input", { type: "date", id: "on", name: "on", value: on, required: "" });
  show(on === today ? t("day.today", { day: dayName(on) }) : dayName(on),
    h("nav", { class: "days", "aria-label": t("day.days") },
      to(dayAfter(on, -1), "day.before"), on !== today && to(today, "day.back"), to(dayAfter(on, 1), "day.after"),
      h("form", {}, h("label", { for: "on" }, t("day.choose")), input, h("button", { class: "button" }, t("day.show")))),
    visits.some(isOver) && h("p", {}, h("a", { class: "button", href: `/desk?on=${on}&end=` }, t("end.open"))),
    list("cards", visits.map((it) => visit(it)), t("day.empty")),
    h("p", { class: "about" }, t("day.as_of", { clock: clock(page.now), zone: zoneName() })));
}

/* One of the day: it leads to its page, and under it stands what can be done with it, and what was just done. */
function visit(it, ...told) {
  const row = h("li", { class: `row is-${it.status}` }, h("a", { class: "card visit", href: `/desk/appointments/${encodeURIComponent(it.id)}` },
    h("span", { class: "when" }, span(it)), " ", h("span", { class: "name" }, it.client_name), " ",
    it.record_name && [h("span", { class: "about" }, t("day.filed", { name: it.record_name })), " "],
    h("span", { class: "about" }, t("day.what", what(it))), " ", badge("status", it.status)),
    told.length && h("p", { class: "told", tabindex: "-1" }, told),
    deeds(it, it.acts.filter((act) => !AT_LEISURE.includes(act)), (after, ...said) => {
      const made = visit(after, ...said);
      row.replaceWith(made);
      made.querySelector(".told").focus();
    }));
  return row;
}

/* What is done on the page of the appointment alone, with time to think. */
const AT_LEISURE = ["confirm", "cancel"];
const IN_THE_BODY = { "reverse-no-show": { reason: "came_after_all" } };
const isOver = (it) => it.acts.includes("complete") && Date.parse(it.end) <= Date.parse(page.now);
const pathOf = (id) => `/v1/desk/appointments/${encodeURIComponent(id)}`;

function deeds(it, acts, done) {
  const buttons = acts.map((act) => {
    const button = h("button", { type: "button", class: "button" }, t(`act.${act}`));
    button.addEventListener("click", () => does(it, act, buttons, done));
    return button;
  });
  return buttons.length > 0 && h("p", { class: "deeds" }, buttons);
}

async function does(it, act, buttons, done) {
  for (const button of buttons) button.disabled = true;
  try {
    const after = await api(`${pathOf(it.id)}/${act}`, { version: it.version, ...IN_THE_BODY[act] });
    announce(done, after, t(`did.${act}`, { status: named("status", after.status) }));
  } catch (error) {
    if (!(error instanceof Refused)) return fail(error);
    announce(done, await api(pathOf(it.id)), ...whyNot(error.problem));
  }
}

function announce(done, it, ...said) {
  document.querySelector("#told").textContent = said.map((one) => one.textContent ?? one).join(" ");
  done(it, ...said);
}

/* Who has the chair by now, and when another is free: staff decide who goes where. */
function whyNot({ code, taken_by: holders = [], alternatives = [] }) {
  if (code !== "slot_taken") return [t("refused.changed")];
  const by = holders.map((holder) => holder.appointment
    ? h("a", { href: `/desk/appointments/${encodeURIComponent(holder.appointment)}` }, t("refused.by", { name: holder.client_name ?? "–", span: span(holder) }))
    : t("refused.held", { span: span(holder) }));
  const free = alternatives.map(({ start }) => moment(start)).join(" · ");
  return [t("refused.taken"), ...by.flatMap((one) => [" ", one]), free && ` ${t("refused.free", { times: free })}`].filter(Boolean);
}

/* The end of the day: everybody ticked as came, exceptions said, one press for all. */
async function dayEnd(on, who) {
  const visits = (await api(`/v1/desk/appointments?${new URLSearchParams({ on })}`))
    .filter((it) => isOver(it) && (!who || it.staff === who)).slice(0, MOST_AT_ONCE);
  const back = h("p", { class: "back" }, h("a", { href: `/desk?on=${on}` }, t("day.whole", { day: dayName(on) })));
  if (!visits.length) return show(t("end.title", { day: dayName(on) }), h("p", { class: "lead" }, t("end.none")), back);
  const form = h("form", { class: "end" }, visits.map(question), h("button", { class: "main" }, t("end.close")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector(".main").disabled = true;
    const said = Object.fromEntries(new FormData(form));
    api("/v1/desk/day-end", { said }).then((answer) => showClosed(on, answer, back)).catch(fail);
  });
  show(t("end.title", { day: dayName(on) }), h("p", { class: "lead" }, t("end.lead")), form, back);
}

const MOST_AT_ONCE = 100;
function question(it) {
  const choice = (how) => h("label", { class: "choice" },
    h("input", { type: "radio", name: it.id, value: how, ...(how === "came" && { checked: "" }) }), " ", t(`came.${how}`));
  return h("fieldset", {}, h("legend", {}, h("span", { class: "when" }, span(it)), " ",
    h("span", { class: "name" }, it.client_name), " ", h("span", { class: "about" }, t("day.what", what(it)))),
    ["came", "late", "missed"].map(choice));
}

function showClosed(on, { appointments, refused }, back) {
  const rows = () => appointments.map((it) => visit(it, ...(refused[it.id] ? [t("refused.changed")] : [])));
  const all = h("button", { type: "button", class: "button" }, t("end.undo"));
  all.addEventListener("click", async () => {
    all.disabled = true;
    for (const it of appointments.filter(({ id }) => !refused[id]))
      await api(`${pathOf(it.id)}/undo`, { version: it.version }).catch((error) => { if (!(error instanceof Refused)) throw error; });
    location.assign(`/desk?on=${on}`);
  });
  show(t("end.done", { day: dayName(on) }), h("p", {}, all), list("cards", rows(), t("day.empty")), back);
  main.focus();
}

async function appointment(id) {
  const path = `/v1/desk/appointments/${encodeURIComponent(id)}`;
  const [it, ledger] = await Promise.all([api(path), api(`${path}/messages`)]);
  const { messages = ledger, received = it.received ?? [] } = ledger;
  const on = dayOf(it.start), { service, person } = what(it);
  const fact = (key, value) => value && h("div", {}, h("dt", {}, t(key)), h("dd", { class: "lines" }, value));
  const told = h("p", { class: "told", tabindex: "-1" });
  show(it.client_name, h("p", {}, badge("status", it.status)), told,
    deeds(it, it.acts, (_, ...said) => appointment(id).then(() => {
      const place = main.querySelector(".told");
      place.replaceChildren(...said);
      place.focus();
    }, fail)),
    h("dl", { class: "facts" },
      fact("fact.when", t("fact.moment", { day: dayName(on), span: span(it) })),
      fact("fact.what", service), fact("fact.with", person), fact("fact.filed", it.record_name),
      fact("fact.reached", [it.client_phone_written, it.client_email].filter(Boolean).join("\n")), fact("fact.note", it.note),
      fact("fact.stopped", it.closed_channels.filter(saidStop).map(({ channel }) => named("channel", channel)).join("\n")),
      !it.open_channels.length && fact("fact.closed", it.closed_channels.map(closed).join("\n"))),
    h("p", { class: "back" }, h("a", { href: `/desk?on=${on}` }, t("day.whole", { day: dayName(on) }))),
    h("h2", {}, t("messages.title")),
    list("ledger", messages.map((message) => line(message, it)), t("messages.none")),
    received.length && [h("h2", {}, t("received.title")), list("ledger", received.map(reply))],
    h("p", { class: "about" }, t("fact.zone", { zone: zoneName() })));
}

/* What a mail to staff leads to: whom to reach, what they wrote, by when, and what came of calling them. */
async function followUp(id, ...said) {
  const path = `/v1/desk/follow-ups/${encodeURIComponent(id)}`, { lang } = document.documentElement;
  const it = await api(`${path}?${new URLSearchParams({ locale: lang })}`);
  const fact = (key, value) => value && h("div", {}, h("dt", {}, t(key)), h("dd", { class: "lines" }, value));
  const due = it.clock?.due, by = it.answer_by && time(it.answer_by);
  const number = it.client_phone && h("a", { href: `tel:${it.client_phone}` }, it.client_phone_written);
  const tries = it.history.filter(({ what }) => ["answered", "tried"].includes(what));
  show(it.client_name || t("followup.nobody"), h("p", {}, badge("cause", it.cause), " ", badge("phase", it.phase)),
    said.length && h("p", { class: "told", tabindex: "-1" }, said),
    number && it.phase !== "closed" && calling(id, path),
    h("dl", { class: "facts" },
      fact("followup.answer_by", by), it.answer_by && due !== it.answer_by && due && fact("followup.due", time(due)),
      fact("followup.wrote", it.words && h("blockquote", { class: "lines" }, it.words)), fact("followup.tell", it.to_tell || script(it)),
      fact("followup.reach", (number || it.client_email) && h("span", {}, number, number && it.client_email && h("br", {}), it.client_email)),
      fact("followup.assignee", staffName(it.assignee)), fact("fact.filed", it.record_name)),
    it.appointment && h("p", { class: "back" },
      h("a", { href: `/desk/appointments/${encodeURIComponent(it.appointment)}` }, t("followup.visit"))),
    tries.length && [h("h2", {}, t("followup.tries")), list("ledger", tries.map(attempt))],
    h("p", { class: "about" }, t("fact.zone", { zone: zoneName() })));
  main.querySelector(".told")?.focus();
}

/* A call that a message became: its first line is what to say. */
const script = ({ cause, history: [opened] }) => cause === "call" && opened.what === "opened" && opened.why;

/* Each press is a line of the history, which nothing takes out again: another press says what is so now. */
function calling(id, path) {
  const buttons = ["reached", "no_answer", "voicemail", "wrong_number"].map((outcome) => {
    const button = h("button", { type: "button", class: "button" }, t(`call.${outcome}`));
    button.addEventListener("click", () => {
      for (const one of buttons) one.disabled = true;
      api(`${path}/call`, { outcome }).then(() => t(`called.${outcome}`), (error) => {
        if (error instanceof Refused) return t("refused.changed");
        throw error;
      }).then((said) => followUp(id, said)).catch(fail);
    });
    return button;
  });
  return h("section", { "aria-labelledby": "calling" }, h("h2", { id: "calling" }, t("call.title")),
    h("p", { class: "deeds" }, buttons), h("p", { class: "about" }, t("call.hint")));
}

function attempt({ what, at, by, to, why }) {
  const [outcome, ...note] = why.split(": "), known = words[`call.${outcome}`];
  return h("li", {}, h("h3", {}, known ?? t(`tried.${what}`), " ", h("span", { class: "about" }, what === "tried" && !known && named("by", to))),
    h("p", { class: "about" }, time(at), by.startsWith("staff:") && ` · ${staffName(by.slice(6))}`),
    (known ? note.join(": ") : why) && h("blockquote", { class: "lines" }, known ? note.join(": ") : why));
}

const saidStop = ({ why_code: code }) => code === "said_stop";
const closed = ({ channel, why }) => t("fact.closed_channel", { channel: named("channel", channel), why });

function line(message, appointment) {
  const { created_at: decided, sent_at: sent, delivered_at: delivered, read_at: read, next_try: next } = message;
  const times = Object.entries({ decided, sent, delivered, read, ...(sent ? {} : { next }) }).filter(([, at]) => at);
  return h("li", {}, heading(named("stage", message.stage), message.channel),
    h("p", {}, message.delivery ? badge("delivery", message.delivery) : badge("message", message.status),
      message.reason && h("span", { class: "reason" }, " ", message.reason)),
    message.version < appointment.version && h("p", { class: "about" }, t("messages.earlier")),
    h("ul", { class: "moments" }, times.map(([key, at]) => h("li", {}, t(`at.${key}`), " ", time(at)))));
}

function reply(it) {
  return h("li", {}, heading(named("intent", it.intent), it.channel), h("blockquote", { class: "lines" }, it.text),
    h("p", { class: "about" }, time(it.at), it.done && ` · ${it.done}`));
}

const WAYS = { sign_in: signIn, sign_out: signOut, today: () => location.assign("/desk"), again: () => location.reload() };
const WAY_ON = { no_role: "sign_out", unknown: "today", unreachable: "again" };

function tell(trouble) {
  const way = WAY_ON[trouble] ?? "sign_in", button = h("button", { type: "button", class: "main" }, t(`way.${way}`));
  button.addEventListener("click", WAYS[way]);
  show(t(`trouble.${trouble}`), h("p", {}, t(`trouble_text.${trouble}`)), button);
}

function fail(error) {
  if (!(error instanceof Trouble)) console.error(error);
  tell(error instanceof Trouble ? error.message : "unreachable");
}

async function open() {
  const asked = new URLSearchParams(location.search);
  if (location.pathname === "/desk/callback") return comeBack(asked);
  if (!session) throw new Trouble("signed_out");
  const { email, "custom:business": theirs } = claims();
  document.querySelector("#email").textContent = email ?? "";
  document.querySelector("#person").hidden = false;
  if (!theirs) throw new Trouble("no_role");
  business = await api(`/v1/businesses/${encodeURIComponent(theirs)}`);
  document.querySelector("#business").textContent = business.name;
  speak(business.locale);
  const [, kind, id] = location.pathname.match(/^\/desk\/(appointments|follow-ups)\/([^/]+)$/) ?? [];
  if (id) return (kind === "appointments" ? appointment : followUp)(decodeURIComponent(id));
  return asked.has("end") ? dayEnd(asked.get("on") || dayOf(page.now), asked.get("end")) : day(asked);
}

document.querySelector("#sign-out").addEventListener("click", signOut);
document.querySelector("#languages").addEventListener("click", ({ target }) => {
  if (target.type !== "button") return;
  localStorage.setItem(LANGUAGE, target.lang);
  location.reload();
});
const isOld = () => !document.hidden && business && Date.now() - opened > SOON;
document.addEventListener("visibilitychange", () => isOld() && location.reload());

speak(navigator.language);
open().catch(fail).finally(() => main.removeAttribute("aria-busy"));
