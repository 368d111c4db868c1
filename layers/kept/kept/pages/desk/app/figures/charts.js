/** Three shapes, drawn without a style of their own: bars, a line, and heat. Each says in words what it shows; the numbers stand in a table behind it. */

import { html } from "htm/preact";
import { named, t } from "desk/words";

const WIDE = 640, HIGH = 180, EDGE = 24;

/** @typedef {{label: string, value: number | null, said: string}} Point */

/** @param {{points: Point[], name: string, pick?: (n: number) => void}} its a click on a bar picks it; the table does so by keyboard */
export function Bars({ points, name, pick }) {
  const most = Math.max(1, ...points.map((it) => it.value ?? 0)), step = WIDE / Math.max(1, points.length);
  return html`<svg class="chart" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${summary(name, points)}>
    ${points.map((it, n) => {
      const high = ((it.value ?? 0) / most) * (HIGH - EDGE * 2);
      return html`<g key=${n} class=${pick ? "pick" : ""} onClick=${() => pick?.(n)}><title>${it.label}: ${it.said}</title>
        <rect class="room" x=${n * step} y="0" width=${step} height=${HIGH} /><rect class="bar-of" x=${n * step + step * 0.15} y=${HIGH - EDGE - high} width=${step * 0.7} height=${high} />
        ${isLabelled(n, points.length) && html`<text class="mark" x=${n * step + step / 2} y=${HIGH - 6} text-anchor="middle">${it.label}</text>`}</g>`;
    })}
    <line class="axis" x1="0" x2=${WIDE} y1=${HIGH - EDGE} y2=${HIGH - EDGE} /></svg>`;
}

/** @param {{points: Point[], name: string, target?: number | null}} its in per cent; where there is none the line is broken */
export function Line({ points, name, target = null }) {
  const y = (/** @type {number} */ it) => HIGH - EDGE - (it / 100) * (HIGH - EDGE * 2), step = WIDE / Math.max(1, points.length), x = (/** @type {number} */ n) => n * step + step / 2;
  return html`<svg class="chart" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${summary(name, points)}>
    ${[0, 50, 100].map((it) => html`<g key=${it}><line class="axis" x1="0" x2=${WIDE} y1=${y(it)} y2=${y(it)} /><text class="mark" x="0" y=${y(it) - 3}>${it} %</text></g>`)}
    ${target !== null && html`<line class="target-line" x1="0" x2=${WIDE} y1=${y(target)} y2=${y(target)} />`}
    ${stretches(points).map((some) => html`<polyline key=${some[0].n} class="line-of" points=${some.map((it) => `${x(it.n)},${y(it.value)}`).join(" ")} />`)}
    ${points.map((it, n) => html`<g key=${n}>${it.value !== null && html`<circle class="dot" cx=${x(n)} cy=${y(it.value)} r="4"><title>${it.label}: ${it.said}</title></circle>`}
      ${isLabelled(n, points.length) && html`<text class="mark" x=${x(n)} y=${HIGH - 6} text-anchor="middle">${it.label}</text>`}</g>`)}</svg>`;
}

/** @param {{heat: {weekday: number, hour: number, offered: number, filled: number}[], name: string, said: (it: any) => string}} its by weekday and hour; what was not offered is empty */
export function Heat({ heat, name, said }) {
  const hours = [...new Set(heat.map((it) => it.hour))].sort((one, other) => one - other), left = 64, wide = (WIDE - left) / Math.max(1, hours.length), high = 26;
  const fullest = heat.filter((it) => it.offered).sort((one, other) => other.filled / other.offered - one.filled / one.offered)[0];
  return html`<svg class="chart heat" viewBox="0 0 ${WIDE} ${high * 8}" role="img" aria-label="${name}. ${fullest ? t("figures.fullest", { when: `${named("weekday_of", String(fullest.weekday))} ${fullest.hour}:00`, said: said(fullest) }) : ""}">
    ${Array.from({ length: 7 }, (_, day) => html`<text key=${day} class="mark" x="0" y=${day * high + 17}>${named("weekday_short", String(day))}</text>`)}
    ${hours.map((it, n) => html`<text key=${it} class="mark" x=${left + n * wide + wide / 2} y=${high * 7 + 18} text-anchor="middle">${it}</text>`)}
    ${heat.map((it) => html`<rect key="${it.weekday} ${it.hour}" class="heat-${level(it)}" x=${left + hours.indexOf(it.hour) * wide + 1} y=${it.weekday * high + 1} width=${wide - 2} height=${high - 2}><title>${named("weekday_of", String(it.weekday))} ${it.hour}:00 – ${said(it)}</title></rect>`)}</svg>`;
}

/** 0 to 5, by fifths of what was offered. @param {{offered: number, filled: number}} it */
export const level = ({ offered, filled }) => (!offered ? "none" : !filled ? 0 : Math.min(5, Math.ceil((filled / offered) * 5)));

/** Of many every second or third has its name. @param {number} n @param {number} many */
const isLabelled = (n, many) => n % Math.ceil(many / 9) === 0;

/** What somebody hears who sees none of it. @param {string} name @param {Point[]} points */
function summary(name, points) {
  const known = points.filter((it) => it.value !== null).sort((one, other) => (one.value ?? 0) - (other.value ?? 0)), least = known[0], most = known[known.length - 1];
  return least ? `${name}. ${t("figures.from_to", { least: `${least.said} (${least.label})`, most: `${most.said} (${most.label})` })}` : `${name}. ${t("figures.nothing")}`;
}

/** @param {Point[]} points @returns {{n: number, value: number}[][]} */
function stretches(points) {
  /** @type {{n: number, value: number}[][]} */
  const found = [[]];
  points.forEach((it, n) => (it.value === null ? found.push([]) : found[found.length - 1].push({ n, value: it.value })));
  return found.filter((some) => some.length);
}
