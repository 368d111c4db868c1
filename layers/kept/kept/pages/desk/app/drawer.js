/** Details on the right that leave the view behind them in sight; Esc closes them, and the focus goes where it was. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { isLost } from "desk/focus";
import { icon } from "desk/icon";
import { t } from "desk/words";

/** @param {{title: string, onClose: () => void, children?: any, actions?: any, wide?: boolean, first?: string}} its `first` is the id of what is filled in first */
export function Drawer({ title, onClose, children, actions, wide = false, first = "" }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const opener = document.activeElement; // and at once: what is typed next is meant for the drawer
    (document.getElementById(first) ?? heading.current)?.focus();
    return () => returnFocus(opener);
  }, []);
  useEffect(() => {
    if (isLost() && !document.querySelector("dialog[open]")) heading.current?.focus({ preventScroll: true }); // what was pressed is gone
  });
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  useEffect(() => {
    const onLost = (/** @type {KeyboardEvent} */ event) => void (isLost() && !document.querySelector("dialog[open]") && onKeyDown(event));
    document.addEventListener("keydown", onLost); // Esc closes it also where what was pressed is gone
    return () => document.removeEventListener("keydown", onLost);
  });
  return html`<div class=${wide ? "drawer wide" : "drawer"} role="dialog" aria-labelledby="drawer-title" onKeyDown=${onKeyDown}>
    <div class="drawer-head">
      <h2 id="drawer-title" tabindex="-1" ref=${heading}>${title}</h2>
      <button type="button" class="bare" aria-label=${t("drawer.close")} onClick=${onClose}>${icon("x")}</button>
    </div>
    <div class="drawer-body">${children}</div>
    ${actions && html`<div class="drawer-foot">${actions}</div>`}
  </div>`;
}

/** @param {Element | null} opener it may have been drawn anew since; then its name leads to it */
function returnFocus(opener) {
  const same = opener?.isConnected ? opener : document.getElementById(opener?.id || "main");
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}
