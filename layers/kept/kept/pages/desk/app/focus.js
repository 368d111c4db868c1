/** Where the focus goes once an act is done: nobody is called away from what they have gone on to. */

/** Whether somebody is typing there, so that a letter is a letter. @param {EventTarget | null} target */
export const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])"));

/** What had it is not there any more. */
export const isLost = () => !document.activeElement || document.activeElement === document.body;

/** Its id, once it is drawn; who opened or types something else meanwhile stays there. @param {string} id @param {FocusOptions} [how] */
export function focusOn(id, how) {
  requestAnimationFrame(() => {
    if (document.querySelector(".drawer, dialog[open]") || isTyping(document.activeElement)) return;
    document.getElementById(id)?.focus(how);
  });
}

/** The same, where what was pressed is gone with the act that it did: nothing moves under the mouse. @param {string} id */
export function keepFocus(id) {
  if (isLost()) focusOn(id, { preventScroll: true });
}
