/** <kept-booking business="lotus" service="cut" staff="mei" language="zh-Hans">: the booking page inside a site of the business, as high as it is.
 * What stands between its tags is shown until then, and for good where the page cannot be had: a plain link is the best.
 * It tells `kept-ready`, `kept-booked` with {id, start}, and `kept-failed` with {code}; what people type never leaves the frame. */

const HOME = new URL(import.meta.url).origin;
const PATIENCE = 15_000; // ms until what cannot be had is given up
const LOWEST = 120, HIGHEST = 20_000; // pixels
const LOOKS = new CSSStyleSheet(); // of a kind that no policy of the site forbids
LOOKS.replaceSync(":host { display: block } iframe { display: block; inline-size: 100%; border: 0 } iframe:not(.ready) { position: absolute; inline-size: 1px; block-size: 1px; opacity: 0 } iframe.ready + slot { display: none }");

class KeptBooking extends HTMLElement {
  static observedAttributes = ["business", "service", "staff", "language"];
  #inside = this.attachShadow({ mode: "open" });
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @param {MessageEvent} event */
  #heard = (event) => {
    if (event.origin !== HOME || !this.#frame || event.source !== this.#frame.contentWindow) return;
    const { kept, height, id, start, code } = event.data ?? {};
    if (kept === "height" && Number.isFinite(height)) this.#frame.height = String(Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(height))));
    else if (kept === "ready") this.#shown();
    else if (kept === "booked") this.#tell("booked", { id: String(id), start: String(start) });
    else if (kept === "failed") this.#tell("failed", { code: String(code) });
  };

  connectedCallback() {
    this.#inside.adoptedStyleSheets = [LOOKS];
    addEventListener("message", this.#heard);
    this.#open();
  }

  disconnectedCallback() {
    removeEventListener("message", this.#heard);
    clearTimeout(this.#timer);
    this.#frame = null;
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#frame) this.#open();
  }

  #open() {
    const asked = { service: this.getAttribute("service"), staff: this.getAttribute("staff"), lang: this.getAttribute("language"), site: location.origin };
    const given = Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : []));
    const frame = document.createElement("iframe");
    frame.src = `${HOME}/b/${encodeURIComponent(this.getAttribute("business") ?? "")}?${new URLSearchParams(given)}`;
    frame.title = this.getAttribute("label") ?? (this.getAttribute("language")?.startsWith("zh") ? "在线预约" : "Book an appointment");
    frame.referrerPolicy = "no-referrer";
    this.#inside.replaceChildren(frame, document.createElement("slot"));
    this.#frame = frame;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell("failed", { code: "not_shown" }), PATIENCE);
  }

  /** Each page of it says so when it stands there; who scrolled down the last one is brought to the top of the next. */
  #shown() {
    const isFirst = !this.#frame?.classList.contains("ready");
    clearTimeout(this.#timer);
    this.#frame?.classList.add("ready");
    if (isFirst) this.#tell("ready", {});
    else if (this.getBoundingClientRect().top < 0) this.scrollIntoView();
  }

  /** @param {string} what @param {object} detail */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`kept-${what}`, { detail, bubbles: true }));
  }
}

if (!customElements.get("kept-booking")) customElements.define("kept-booking", KeptBooking);
