import type { JSX } from "preact";
import { CheckList } from "../../ui/check-list.js";
import { CostLine } from "../../ui/cost-line.js";
import { Panel } from "../../ui/panel.js";
import { checkLayer } from "./check-layer.js";
import type { DrawnLayer } from "./state.js";

/** Properties of every layer, checked on the numbers shown. */
export function ChecksPanel({ drawn: { picture, settings } }: { readonly drawn: DrawnLayer }): JSX.Element {
  return (
    <Panel
      id="checks"
      title="Checks"
      teaches="The boxes are computed with the public parts of the layer, one after the other. The last one must equal the output of the layer itself."
      question={{
        question: "Which settings change the number of parameters? Try a gated network and the other norm.",
        answer:
          "The width, most of all. A gated network has a third matrix, and RMSNorm has no bias. Heads, mask and positions change nothing: heads share out the same matrices, and the others have no parameters here.",
      }}
    >
      <CheckList checks={checkLayer(picture, settings)} />
      <CostLine
        what={`${picture.parameters.toLocaleString("en")} parameters, ${picture.tokens.length} tokens`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </Panel>
  );
}
