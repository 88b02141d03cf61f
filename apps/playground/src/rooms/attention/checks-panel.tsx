import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { CheckList } from "../../ui/check-list.js";
import { Panel } from "../../ui/panel.js";
import { checkPicture } from "./checks.js";
import type { DrawnPicture } from "./room-state.js";

/** What must hold for every picture, checked on the drawn numbers. */
export function ChecksPanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  const results = useMemo(() => checkPicture(picture), [picture]);
  const { milliseconds, liveTensors, queryTokens, keyTokens, heads } = picture;
  return (
    <Panel
      id="checks"
      title="What must hold"
      teaches="Whatever the text, the mask and the weights: these hold, and are checked on the numbers that you see."
      question={
        picture.model === undefined
          ? "Can you make a query that may attend to nothing? Try a narrow window together with padding, and look at the sum of its row."
          : "Choose another layer, or another kind of attention. Do these still hold, learned weights or not?"
      }
    >
      <CheckList checks={results} />
      <p class="hint" id="cost" data-live-tensors={liveTensors}>
        {heads} × {queryTokens.length} × {keyTokens.length} weights in {milliseconds.toFixed(0)} ms; {liveTensors} tensors left in the
        worker afterwards.
      </p>
    </Panel>
  );
}
