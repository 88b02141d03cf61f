import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { CheckList } from "../../ui/check-list.js";
import { CostLine } from "../../ui/cost-line.js";
import { Panel } from "../../ui/panel.js";
import { checkPicture } from "./checks.js";
import type { DrawnPicture } from "./attention-state.js";

/** Properties of every attention, checked on the numbers shown. */
export function ChecksPanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  const results = useMemo(() => checkPicture(picture), [picture]);
  const { milliseconds, liveTensors, queryTokens, keyTokens, heads } = picture;
  return (
    <Panel
      id="checks"
      title="Checks"
      teaches="These properties hold for any text, mask and weights. They are checked on the numbers shown above."
      question={
        picture.model === undefined
          ? "Can you construct a query that may not attend to any key? Try a narrow window together with padding. What does its row sum to?"
          : "Choose another layer or another kind of attention. Do the checks still pass?"
      }
    >
      <CheckList checks={results} />
      <CostLine
        what={`${heads} × ${queryTokens.length} × ${keyTokens.length} weights`}
        milliseconds={milliseconds}
        liveTensors={liveTensors}
      />
    </Panel>
  );
}
