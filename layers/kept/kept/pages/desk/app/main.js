/** The front desk: signs staff in and shows what the address asks for. What people wrote becomes text, never markup. */

import { render } from "preact";
import { html } from "htm/preact";
import { keepLooking } from "desk/attention";
import { book } from "desk/booking_panel";
import { openBusiness } from "desk/business";
import { Clients } from "desk/clients";
import { beginDay } from "desk/day_store";
import { Door } from "desk/door";
import { Frame } from "desk/frame";
import { bind, isHelpOpen } from "desk/keys";
import { Later } from "desk/later";
import { isPaletteOpen } from "desk/palette";
import { isReminding } from "desk/reminding";
import { address, asking, go } from "desk/route";
import { Trouble, comeBack, session, trouble } from "desk/session";
import { undoLast } from "desk/toasts";
import { Today, shownDay } from "desk/today";
import { Work } from "desk/work";
import { dayAfter } from "desk/when";
import { speak, t } from "desk/words";

const dayEnd = () => import("desk/day_end/day_end").then((it) => it.DayEnd);
const dayMoney = () => import("desk/money/day_money").then((it) => it.DayMoney);
const figures = () => import("desk/figures/figures").then((it) => it.Figures);
const guide = () => import("desk/start/guide").then((it) => it.Guide);
const queue = () => import("desk/queue/queue").then((it) => it.Queue);
const settings = () => import("desk/settings/settings").then((it) => it.Settings);
const waitlist = () => import("desk/waitlist/waitlist").then((it) => it.Waitlist);

/** By the address, the first that fits; what stands in it is given to the view. @type {[RegExp, (found: string) => any][]} */
const VIEWS = [
  [/^\/desk\/?$/, () => html`<${Today} />`],
  [/^\/desk\/appointments\/([^/]+)$/, (id) => html`<${Today} open=${id} />`],
  [/^\/desk\/day-end$/, () => closeOfDay()],
  [/^\/desk\/clients\/([^/]+)$/, (id) => html`<${Clients} open=${id} />`],
  [/^\/desk\/clients$/, () => html`<${Clients} />`],
  [/^\/desk\/follow-ups\/([^/]+)$/, (id) => html`<${Work} open=${id} />`],
  [/^\/desk\/work$/, () => html`<${Work} />`],
  [/^\/desk\/waitlist$/, () => html`<${Later} from=${waitlist} folder="waitlist" name="rail.waitlist" />`],
  [/^\/desk\/queue$/, () => html`<${Later} from=${queue} folder="waitlist queue" name="queue.title" />`],
  [/^\/desk\/figures$/, () => html`<${Later} from=${figures} folder="figures money" name="rail.figures" />`],
  [/^\/desk\/money$/, () => html`<${Later} from=${dayMoney} folder="money" name="money_day.open" />`],
  [/^\/desk\/start$/, () => html`<${Later} from=${guide} folder="start" name="guide.title" />`],
  [/^\/desk\/settings(?:\/([^/]+))?$/, (part) => html`<${Later} from=${settings} folder="settings calendar" name="rail.settings" part=${part} />`],
];

function Desk() {
  if (trouble.value) return html`<${Door} trouble=${trouble.value} />`;
  const path = address.value.pathname;
  for (const [of, view] of VIEWS) {
    const found = of.exec(path);
    if (found) return html`<${Frame}>${isDayEnd() ? closeOfDay() : view(decodeURIComponent(found[1] ?? ""))}<//>`;
  }
  return html`<${Frame}><h1>${t("trouble.unknown")}</h1><p>${t("trouble_text.unknown")}</p><p><a class="button" href="/desk">${t("way.today")}</a></p><//>`;
}

const closeOfDay = () => html`<${Later} from=${dayEnd} folder="day_end" name="rail.today" />`;

/** Mails of the evening lead to it by this older address. */
const isDayEnd = () => address.value.pathname === "/desk" && address.value.searchParams.has("end");

bind("/", "key.search", () => {}, "search");
bind("n", "key.new", () => book());
bind("t", "key.today", () => go("/desk"));
bind("ArrowLeft", "key.before", () => turn(-1));
bind("ArrowRight", "key.after", () => turn(1));
bind("j", "key.down", () => walk(1));
bind("k", "key.up", () => walk(-1));
bind("e", "key.act", () => mainAct()?.click());
bind("u", "key.undo", () => void undoLast());
bind("?", "key.help", () => (isHelpOpen.value = !isHelpOpen.value));
bind("Ctrl K", "key.palette", () => (isPaletteOpen.value = true));

/** Of what shows a day, to another. @param {number} days */
const turn = (days) => ["/desk", "/desk/money"].includes(address.value.pathname) && go(asking({ on: dayAfter(shownDay(), days) }));

/** To the next of what the list or the day shows. @param {number} by */
function walk(by) {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#main .row-open, #main .visit-open")]).filter((it) => it.checkVisibility());
  const at = all.findIndex((it) => it === document.activeElement || it.parentElement?.contains(document.activeElement));
  all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

/** Of what has the focus, or of the drawer, or of the page. @returns {HTMLElement | null} */
function mainAct() {
  const row = document.activeElement?.closest(".row, .visit");
  return row ? row.querySelector(".first, .visit-act") : document.querySelector(".drawer .main") ?? document.querySelector("#main .main");
}

async function open() {
  const shell = document.getElementById("desk");
  if (!shell) return;
  try {
    if (location.pathname === "/desk/callback") return await comeBack(new URLSearchParams(location.search));
    if (!session.value) throw new Trouble("signed_out");
    if (location.pathname === "/desk") beginDay(address.value.searchParams.get("on"));
    const opened = openBusiness();
    await speak();
    await opened;
    keepLooking(isReminding);
  } catch (error) {
    await speak();
    if (!(error instanceof Trouble)) console.error(error);
    trouble.value = error instanceof Trouble ? error.message : "unreachable";
  }
  shell.replaceChildren();
  shell.removeAttribute("aria-busy");
  render(html`<${Desk} />`, shell);
}

void open();
