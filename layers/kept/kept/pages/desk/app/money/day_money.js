/** A day's money: what was taken by which means, who owes and who is to have something back, what was let off, and every line; till the closing it can be printed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { get, text } from "desk/api";
import { money } from "desk/amounts";
import { business, me } from "desk/business";
import { Drawer } from "desk/drawer";
import { saveFile } from "desk/figures/file";
import { icon } from "desk/icon";
import { Lines } from "desk/money/ledger_lines";
import { Money } from "desk/money/money";
import { Empty, Failed, Skeleton, fact } from "desk/parts";
import { explained } from "desk/refusals";
import { asking, go } from "desk/route";
import { say } from "desk/toasts";
import { shownDay } from "desk/today";
import { dayAfter, dayName, today } from "desk/when";
import { language, named, t } from "desk/words";

/** @typedef {import("desk/money/ledger_lines").Line} Line */
/** @typedef {{client: string, name: string | null, currency: string, owed: number, overpaid: number}} Open */
/** @typedef {{currency: string, taken: Record<string, number>, given_back: Record<string, number>, net: number, charged: number, waived: number, credited: number, made_good: number}} Sums */

const MEANS = ["cash", "terminal", "transfer", "stripe", "credits"];

export function DayMoney() {
  const on = shownDay(), leads = me.value?.leads ?? false;
  const day = useSignal(/** @type {{day: string, sums: Sums[], entries: Line[], names: Record<string, string>, next: string | null} | null} */ (null)), open = useSignal(/** @type {{entries: Open[], next: string | null} | null} */ (null));
  const wrong = useSignal(""), whose = useSignal(/** @type {{id: string, name: string} | null} */ (null));
  const load = async () => {
    try {
      const [found, all] = await Promise.all([get(`/v1/desk/money?day=${on}`), get("/v1/desk/money/open")]);
      if (on !== shownDay()) return;
      [day.value, open.value, wrong.value] = [found, all, ""];
    } catch (error) {
      wrong.value = explained(error);
    }
  };
  useEffect(() => void (leads && load()), [on]);
  useEffect(() => void (document.title = `${t("money_day.open")} – Kept`), [language.value]);
  if (!leads) return html`<h1>${t("money_day.open")}</h1><${Empty} title=${t("money_day.not_yours")} text=${t("refused.role")}><a class="button" href="/desk">${t("way.today")}</a><//>`;
  const earlier = async () => {
    const more = await get(`/v1/desk/money?${new URLSearchParams({ day: on, after: day.value?.next ?? "" })}`);
    if (day.value) day.value = { ...day.value, entries: [...day.value.entries, ...more.entries], names: { ...day.value.names, ...more.names }, next: more.next };
  };
  const others = async () => {
    const more = await get(`/v1/desk/money/open?${new URLSearchParams({ after: open.value?.next ?? "" })}`);
    open.value = { entries: [...(open.value?.entries ?? []), ...more.entries], next: more.next };
  };
  const failing = (/** @type {() => Promise<void>} */ act) => () => act().catch((error) => say(explained(error), { wrong: true }));
  const save = async () => saveFile(`money-${on}.csv`, await text(`/v1/desk/money.csv?day=${on}`));
  const shown = day.value?.day === on ? day.value : null;
  return html`<div class="insight day-money"><div class="bar"><h1>${t("money_day.title", { day: dayName(on) })}</h1>
      <nav class="days" aria-label=${t("day.days")}><a class="button" href=${asking({ on: dayAfter(on, -1) })} aria-label=${t("day.before")}>${icon("chevron-left")}</a><a class="button" href=${asking({ on: today() })}>${t("day.back")}</a><a class="button" href=${asking({ on: dayAfter(on, 1) })} aria-label=${t("day.after")}>${icon("chevron-right")}</a>
        <label class="unseen" for="money-on">${t("day.choose")}</label><input type="date" id="money-on" value=${on} onChange=${(/** @type {any} */ event) => event.target.value && go(asking({ on: event.target.value }))} /></nav>
      <div class="views"><button type="button" class="button" id="money-file" onClick=${failing(save)}>${t("money_day.file")}</button><button type="button" class="button" id="money-print" onClick=${() => print()}>${t("money_day.print")}</button></div></div>
    <p class="printed">${business.value?.name}</p>
    ${wrong.value ? html`<${Failed} why=${wrong.value} again=${load} />` : !shown || !open.value ? html`<${Skeleton} rows=${8} />` : html`<div class="charts">
      ${shown.sums.map((it) => html`<${Till} key=${it.currency} sums=${it} />`)}
      <${Balances} title=${t("money_day.owed")} none=${t("money_day.nobody_owes")} all=${open.value.entries} of="owed" choose=${(/** @type {Open} */ it) => (whose.value = { id: it.client, name: it.name ?? t("money_day.forgotten") })} />
      <${Balances} title=${t("money_day.back")} none=${t("money_day.nothing_back")} all=${open.value.entries} of="overpaid" choose=${(/** @type {Open} */ it) => (whose.value = { id: it.client, name: it.name ?? t("money_day.forgotten") })} />
      <${Written} title=${t("money_day.waived")} none=${t("money_day.nothing_waived")} day=${shown} lines=${shown.entries.filter((it) => it.what === "waiver")} />
      <${Written} title=${t("money_day.lines")} none=${t("money_day.none")} day=${shown} lines=${shown.entries} wide=${true} /></div>
      <p class="deeds">${shown.next && html`<button type="button" class="button" onClick=${failing(earlier)}>${t("money.more")}</button>`} ${open.value.next && html`<button type="button" class="button" onClick=${failing(others)}>${t("money_day.more_owe")}</button>`}</p>`}
    ${whose.value && html`<${Drawer} key=${whose.value.id} title=${whose.value.name} onClose=${() => (whose.value = null)}><p><a href="/desk/clients/${encodeURIComponent(whose.value.id)}">${t("money_day.client")}</a></p><${Money} its=${whose.value} onWritten=${load} /><//>`}</div>`;
}

/** What should be in the till, and what came otherwise. @param {{sums: Sums}} its */
function Till({ sums }) {
  const { currency, taken, given_back: back } = sums, sum = (/** @type {number | undefined} */ minor) => money({ minor: minor ?? 0, currency });
  const used = MEANS.filter((it) => taken[it] || back[it]);
  return html`<section class="figure-box"><h2 id="till-${currency}">${t("money_day.taken")}</h2>
    ${!used.length ? html`<p class="about">${t("money_day.nothing_taken")}</p>` : html`<div class="sideways" role="region" aria-labelledby="till-${currency}" tabindex="0"><table><thead><tr><th scope="col">${t("money.means")}</th><th scope="col">${t("money_day.in")}</th><th scope="col">${t("money_day.out")}</th><th scope="col">${t("money_day.left")}</th></tr></thead>
      <tbody>${used.map((it) => html`<tr key=${it}><th scope="row">${named("means", it)}</th><td>${sum(taken[it])}</td><td>${back[it] ? sum(back[it]) : "–"}</td><td>${it === "credits" ? "–" : sum((taken[it] ?? 0) - (back[it] ?? 0))}</td></tr>`)}</tbody>
      <tfoot><tr><th scope="row" colspan="3">${t("money_day.net")}</th><td><strong>${sum(sums.net)}</strong></td></tr></tfoot></table></div>`}
    <dl class="facts">${fact(t("money_day.charged"), sums.charged !== 0 && sum(sums.charged))}${fact(t("money_day.let_off"), sums.waived !== 0 && sum(sums.waived))}${fact(t("money_day.credited"), sums.credited !== 0 && sum(sums.credited))}${fact(t("money_day.made_good"), sums.made_good !== 0 && sum(sums.made_good))}</dl></section>`;
}

/** @param {{title: string, none: string, all: Open[], of: "owed" | "overpaid", choose: (it: Open) => void}} its */
function Balances({ title, none, all, of, choose }) {
  const those = all.filter((it) => it[of]);
  return html`<section class="figure-box"><h2>${title}</h2>${!those.length ? html`<p class="about">${none}</p>` : html`<ul class="cards balances">${those.map((it) => html`<li class="row" key="${it.client} ${it.currency}">
    <a class="row-open" href="/desk/clients/${encodeURIComponent(it.client)}"><strong class="name">${it.name ?? t("money_day.forgotten")}</strong> <span class="amount">${money({ minor: it[of], currency: it.currency })}</span></a>
    ${it.name && html`<button type="button" class="button first" id="${of}-${it.client}" aria-label="${t(`money_day.do_${of}`)}: ${it.name}" onClick=${() => choose(it)}>${t(`money_day.do_${of}`)}</button>`}</li>`)}</ul>`}</section>`;
}

/** @param {{title: string, none: string, day: {names: Record<string, string>}, lines: Line[], wide?: boolean}} its */
function Written({ title, none, day, lines, wide = false }) {
  const whose = (/** @type {Line} */ line) => html`<a class="name" href=${line.appointment ? `/desk/appointments/${encodeURIComponent(line.appointment)}` : `/desk/clients/${encodeURIComponent(line.client)}`}>${day.names[line.client] ?? t("money_day.forgotten")}</a>`;
  return html`<section class=${wide ? "figure-box wide" : "figure-box"}><h2>${title}</h2>${lines.length ? html`<${Lines} lines=${lines} whose=${whose} />` : html`<p class="about">${none}</p>`}</section>`;
}
