/** The first day: five steps that say what is where; left at any of them, and begun again from the menu. */

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { t } from "desk/words";

const SEEN = "kept.tour-seen", STEPS = 5;

/** The step that is shown; 0 for none. */
const step = signal(localStorage.getItem(SEEN) ? 0 : 1);

export const startTour = () => (step.value = 1);

function leave() {
  localStorage.setItem(SEEN, "yes");
  step.value = 0;
}

export function Tour() {
  const n = step.value;
  if (!n) return null;
  return html`<section class="tour" aria-label=${t("tour.name")}>
    <p class="about">${t("tour.of", { n, all: STEPS })}</p>
    <h2>${t(`tour.title_${n}`)}</h2><p>${t(`tour.text_${n}`)}</p>
    <p class="deeds"><button type="button" class="main" onClick=${() => (n < STEPS ? (step.value = n + 1) : leave())}>${n < STEPS ? t("tour.next") : t("tour.done")}</button>
      ${n < STEPS && html`<button type="button" class="button" onClick=${leave}>${t("tour.leave")}</button>`}</p>
  </section>`;
}
