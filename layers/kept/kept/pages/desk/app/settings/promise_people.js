/** Who has a follow-up, who is reminded of it and told when it is late, how often one who is silent is tried, and its steps. */

import { html } from "htm/preact";
import { CAUSES } from "desk/settings/promise_clocks";
import { Add, Choice, Lasts, One, Remove, Yes, changed } from "desk/settings/promise_parts";
import { named, t } from "desk/words";

/** @typedef {import("desk/settings/promise_parts").Form} Form */
/** @typedef {{name: string, target: number, after: number}} Step */

const LETTERS = ["missed_again", "missed_last"], OVER = ["email", "sms", "whatsapp", "wechat", "webhook"];
const KINDS = ["percent", "minutes_before", "minutes_after"], STEPS = ["call", "offer_times", "check_back", "make_good", "ask_again", "review_terms", "decide"];

/** @param {{form: Form}} its */
export function Reminded({ form }) {
  const all = form.its.thresholds, set = (/** @type {any[]} */ to) => form.set("thresholds", to);
  /** @param {string} kind @param {number | null} value */
  const one = (kind, value) => ({ ...Object.fromEntries(KINDS.map((it) => [it, null])), [kind]: value });
  return html`<${One} form=${form} at="thresholds"><ol class="stages">${all.map((/** @type {any} */ it, /** @type {number} */ n) => {
    const kind = KINDS.find((one) => it[one] !== null) ?? "percent", name = t("policy.reminder", { n: n + 1 });
    return html`<li key=${n} class="stage"><fieldset><legend>${name}</legend><div class="pair">
      <${Choice} id="threshold-${n}-kind" label=${t("policy.when")} among=${KINDS} said=${(/** @type {string} */ it) => named("policy_when", it)} value=${kind} take=${(/** @type {any} */ to) => set(changed(all, n, one(to, to === "percent" ? 60 : 30)))} />
      ${kind === "percent" ? html`<div class="part"><label for="threshold-${n}">${t("policy.share")}</label><span class="with-unit"><input id="threshold-${n}" type="number" min="1" max="99" value=${it.percent} onChange=${(/** @type {any} */ event) => set(changed(all, n, one("percent", Number(event.target.value))))} /><span>%</span></span></div>`
        : html`<${Lasts} id="threshold-${n}" label=${t("policy.so_long")} value=${it[kind]} take=${(/** @type {any} */ to) => set(changed(all, n, one(kind, to ?? 0)))} />`}</div>
      <${Remove} what=${name} onClick=${() => set(changed(all, n, null))} /></fieldset></li>`;
  })}</ol><${Add} id="add-threshold" says=${t("policy.add_reminder")} onClick=${() => set([...all, one("percent", 60)])} /><//>`;
}

/** @param {{form: Form}} its */
export function Told({ form }) {
  const all = form.its.levels, set = (/** @type {any[]} */ to) => form.set("levels", to);
  return html`<${One} form=${form} at="levels"><ol class="stages">${all.map((/** @type {any} */ it, /** @type {number} */ n) => {
    const name = t("policy.level", { n: n + 1 });
    return html`<li key=${n} class="stage"><fieldset><legend>${name}</legend><div class="pair">
      <${Choice} id="level-${n}" label=${t("policy.who")} among=${["assignee", "manager", "owner"]} said=${(/** @type {string} */ it) => named("level", it)} value=${it.role} take=${(/** @type {any} */ role) => set(changed(all, n, { role }))} />
      <${Lasts} id="level-${n}-after" label=${t("policy.after")} value=${it.after} take=${(/** @type {any} */ after) => set(changed(all, n, { after: after ?? 0 }))} /></div>
      <${Remove} what=${name} onClick=${() => set(changed(all, n, null))} /></fieldset></li>`;
  })}</ol><${Add} id="add-level" says=${t("policy.add_level")} onClick=${() => set([...all, { role: "owner", after: 60 + Math.max(0, ...all.map((/** @type {any} */ it) => it.after)) }])} /><//>
  <${Yes} form=${form} at="vip_breach_at_any_hour" label=${t("policy.vip")} />
  <${One} form=${form} at="assignment"><${Choice} id="policy-assignment-how" label=${t("policy.goes_to")} among=${["owner", "least_loaded", "round_robin"]} said=${(/** @type {string} */ it) => named("assignment", it)} value=${form.its.assignment} take=${(/** @type {any} */ to) => form.set("assignment", to)} /><//>`;
}

/** @param {{form: Form}} its */
export function Ladder({ form }) {
  const { rungs, patience, writes, over } = form.its.ladder, set = (/** @type {number[]} */ to) => form.set("ladder.rungs", to);
  const later = rungs.slice(1);
  /** What is said at each attempt after the first. @param {string} at @param {string[]} all @param {number} n @param {string | null} to */
  const put = (at, all, n, to) => form.set(`ladder.${at}`, later.map((/** @type {any} */ _, /** @type {number} */ m) => (m === n ? (to ?? "") : (all[m] ?? ""))));
  return html`<${One} form=${form} at="ladder.rungs"><ol class="stages">${rungs.map((/** @type {number} */ it, /** @type {number} */ n) => {
    const name = t("policy.attempt", { n: n + 1 });
    return html`<li key=${n} class="stage"><${Lasts} id="rung-${n}" label=${name} value=${it} take=${(/** @type {any} */ to) => set(rungs.map((/** @type {number} */ one, /** @type {number} */ at) => (at === n ? (to ?? 0) : one)))} />
      <${Remove} what=${name} onClick=${() => set(rungs.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== n))} /></li>`;
  })}</ol><${Add} id="add-rung" says=${t("policy.add_attempt")} onClick=${() => set([...rungs, (rungs.at(-1) ?? -1440) + 1440])} /><//>
  <${One} form=${form} at="ladder.writes"><p class="about">${t("policy.first_letter")}</p><div class="two">${later.map((/** @type {any} */ _, /** @type {number} */ n) => html`<${Choice} key=${n} id="letter-${n + 2}" label=${t("policy.letter", { n: n + 2 })} among=${["", ...LETTERS]} none=${t("policy.by_hand")} said=${(/** @type {string} */ it) => named("stage", it)} value=${writes[n] ?? ""} take=${(/** @type {any} */ to) => put("writes", writes, n, to)} />`)}</div><//>
  <${One} form=${form} at="ladder.over"><div class="two">${later.map((/** @type {any} */ _, /** @type {number} */ n) => html`<${Choice} key=${n} id="over-${n + 2}" label=${t("policy.letter", { n: n + 2 })} among=${["", ...OVER]} none=${t("policy.their_channel")} said=${(/** @type {string} */ it) => named("channel", it)} value=${over[n] ?? ""} take=${(/** @type {any} */ to) => put("over", over, n, to)} />`)}</div><//>
  <${One} form=${form} at="ladder.patience"><${Lasts} id="policy-patience" label=${t("policy.patience")} value=${patience} take=${(/** @type {any} */ to) => form.set("ladder.patience", to ?? 0)} /><//>`;
}

/** @param {{form: Form}} its */
export function Plans({ form }) {
  const plans = /** @type {Record<string, Step[]>} */ (form.its.plans), rest = CAUSES.filter((cause) => !(cause in plans));
  /** @param {string} cause @param {Step[] | null} steps null is no plan */
  const set = (cause, steps) => form.set("plans", Object.fromEntries(Object.entries({ ...plans, [cause]: steps }).filter(([, its]) => its)));
  return html`<${One} form=${form} at="plans"><ul class="stages">${Object.entries(plans).map(([cause, steps]) => html`<li key=${cause} class="stage"><fieldset><legend>${named("cause", cause)}</legend>
      <ol>${steps.map((it, n) => html`<li key=${n}><${One_} id="plan-${cause}-${n}" of=${named("cause", cause)} n=${n} it=${it} take=${(/** @type {any} */ more) => set(cause, changed(steps, n, more))} /></li>`)}</ol>
      <p class="deeds"><button type="button" class="plain" id="add-step-${cause}" onClick=${() => set(cause, [...steps, { name: freeName(steps), target: 1440, after: 0 }])}>${t("policy.add_step")}<span class="unseen"> ${named("cause", cause)}</span></button><${Remove} what=${named("cause", cause)} says=${t("policy.drop_plan")} onClick=${() => set(cause, null)} /></p></fieldset></li>`)}</ul>
    ${rest.length > 0 && html`<label class="part" for="add-plan">${t("policy.add_plan")}<select id="add-plan" value="" onChange=${(/** @type {any} */ event) => event.target.value && set(event.target.value, [{ name: "call", target: 1440, after: 0 }])}><option value="">${t("policy.choose")}</option>${rest.map((it) => html`<option key=${it} value=${it}>${named("cause", it)}</option>`)}</select></label>`}
    <datalist id="steps">${STEPS.map((it) => html`<option key=${it} value=${named("step", it)}></option>`)}</datalist><//>`;
}

/** @param {{id: string, of: string, n: number, it: Step, take: (more: Partial<Step> | null) => void}} its */
const One_ = ({ id, of, n, it, take }) => html`<div class="pair"><label class="part" for=${id}>${t("policy.step", { n: n + 1 })}<span class="unseen"> ${of}</span><input id=${id} list="steps" maxlength="100" autocomplete="off" value=${named("step", it.name)} onChange=${(/** @type {any} */ event) => take({ name: stored(event.target.value) })} /></label>
  <${Lasts} id="${id}-after" label=${t("policy.begins")} value=${it.after} take=${(/** @type {any} */ after) => take({ after: after ?? 0 })} />
  <${Lasts} id="${id}-target" label=${t("policy.within")} value=${it.target} take=${(/** @type {any} */ target) => take({ target: target ?? 0 })} /></div>
  <${Remove} what="${t("policy.step", { n: n + 1 })}, ${of}" onClick=${() => take(null)} />`;

/** As it is kept: one of ours by its own name, another with underscores for spaces. @param {string} typed */
const stored = (typed) => STEPS.find((it) => named("step", it) === typed.trim()) ?? typed.trim().replace(/\s+/g, "_");

/** @param {Step[]} steps */
const freeName = (steps) => STEPS.find((name) => !steps.some((it) => it.name === name)) ?? `step_${steps.length + 1}`;
