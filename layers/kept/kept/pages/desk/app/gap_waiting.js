/** Who waits for a gap of the day: their part comes where somebody does. */

import { html } from "htm/preact";
import { Later } from "desk/later";

const waits = () => import("desk/waitlist/gap_waits").then((it) => it.GapWaits);

/** @param {import("./types").Gap} gap @param {Record<string, string>} [style] */
export const gapWaits = (gap, style) => gap.waiting.length > 0 && html`<${Later} from=${waits} folder="waitlist" gap=${gap} style=${style} />`;
