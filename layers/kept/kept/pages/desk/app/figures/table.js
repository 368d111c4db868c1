/** The numbers behind a chart, for who sees none and for who wants them. */

import { html } from "htm/preact";
import { t } from "desk/words";

/** @param {{name: string, children?: any}} its */
export const Table = ({ name, children }) => html`<details class="behind-chart"><summary>${t("figures.table")}<span class="unseen">: ${name}</span></summary><div class="sideways" role="region" aria-label=${name} tabindex="0"><table>${children}</table></div></details>`;
