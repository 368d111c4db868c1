/** An act that may be refused. */

import { useSignal } from "@preact/signals";
import { explained } from "desk/refusals";

/** One act at a time; why the last one was refused stands until the next. */
export function useActing() {
  const refused = useSignal(""), isBusy = useSignal(false);
  /** @param {() => Promise<void>} act */
  const acts = async (act) => {
    if (isBusy.value) return;
    [isBusy.value, refused.value] = [true, ""];
    try {
      await act();
    } catch (error) {
      refused.value = explained(error);
    } finally {
      isBusy.value = false;
    }
  };
  return { refused, isBusy, acts };
}
