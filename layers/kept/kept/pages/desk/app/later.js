/** A view that few open in a day: its modules come when it is first asked for. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Failed, Skeleton } from "desk/parts";
import { t } from "desk/words";

/** @param {{from: () => Promise<any>, name: string, [its: string]: any}} its `from` brings the view, which is given the rest; `name` are the words for what it is called */
export function Later({ from, name, ...its }) {
  const view = useSignal(/** @type {{is: any} | null} */ (null)), wrong = useSignal("");
  const load = () => from().then((is) => ((view.value = { is }), (wrong.value = "")), () => (wrong.value = t("trouble_text.unreachable")));
  useEffect(() => void load(), [from]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  return view.value ? html`<${view.value.is} ...${its} />` : html`<h1 class="unseen">${t(name)}</h1><${Skeleton} />`;
}
