/** Who of the waitlist would fit a gap of the day: one click offers it to the first, and there is a way to the others. */

import { html } from "htm/preact";
import { useActing } from "desk/acting";
import { get } from "desk/api";
import { readAgain } from "desk/day_store";
import { say } from "desk/toasts";
import { clock } from "desk/when";
import { books, offers, pathOf, refusal } from "desk/waitlist/store";
import { t } from "desk/words";

/** @param {{gap: import("desk/types").Gap, style?: Record<string, string>}} its `style` is where it stands on the columns */
export function GapWaits({ gap, style }) {
  const { isBusy, acts } = useActing(), [first, ...more] = gap.waiting;
  const act = () => acts(async () => {
    const time = { service: first.service, staff: gap.staff, start: first.start };
    const gives = async () => (first.book_for_me ? books(await get(pathOf(first.entry)), time) : offers({ ...first, id: first.entry }, time));
    await gives().catch((error) => say(`${first.client_name}: ${refusal(error)}`, { wrong: true }));
    await readAgain();
  });
  return html`<span class="gap-waits" style=${style}><button type="button" class="button" disabled=${isBusy.value} onClick=${act}>${t(first.book_for_me ? "waitlist.gap_book" : "waitlist.gap_offer", { clock: clock(first.start), name: first.client_name })}</button>
    ${more.length > 0 && html`<a href="/desk/waitlist">${t("waitlist.gap_more", { n: more.length })}</a>`}</span>`;
}
