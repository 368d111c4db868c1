/** A view that few open in a day: its modules, and the words of its folder, come when it is first asked for. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { html } from "htm/preact";
import { Failed, Skeleton } from "desk/parts";
import { speakOf, t } from "desk/words";

/** @param {{from: () => Promise<any>, folder: string, name?: string, [its: string]: any}} its `from` brings the view, which is given the rest; `folder` are those whose words it says; `name` are the words for what it is called; what has none shows nothing until it is there */
export function Later({ from, folder, name, ...its }) {
  const view = useSignal(/** @type {{is: any} | null} */ (null)), wrong = useSignal("");
  const load = () => Promise.all([from(), ...folder.split(" ").map(speakOf)]).then(([is]) => ((view.value = { is }), (wrong.value = "")), () => (wrong.value = t("trouble_text.unreachable")));
  useEffect(() => void load(), [from]);
  if (wrong.value) return html`<${Failed} why=${wrong.value} again=${load} />`;
  return view.value ? html`<${view.value.is} ...${its} />` : name ? html`<h1 class="unseen">${t(name)}</h1><${Skeleton} />` : null;
}
