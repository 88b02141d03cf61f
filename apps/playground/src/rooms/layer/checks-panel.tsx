import type { JSX } from "preact";
import { CheckList } from "../../ui/check-list.js";
import { CostLine } from "../../ui/cost-line.js";
import { Panel } from "../../ui/panel.js";
import { checkLayer } from "./check-layer.js";
import type { LayerAnswer } from "./state.js";

/** What must hold for every layer, checked on the numbers of this one. */
export function ChecksPanel({ answer: { picture, settings } }: { readonly answer: LayerAnswer }): JSX.Element {
  return (
    <Panel
      id="checks"
      title="What must hold"
      teaches="The boxes are computed by the layer's public parts, one after the other; put together they must be the layer."
      question="Which settings change the number of parameters? Try a gated network and another norm."
    >
      <CheckList checks={checkLayer(picture, settings)} />
      <CostLine
        what={`${picture.parameters.toLocaleString("en")} parameters, ${picture.tokens.length} tokens,`}
        milliseconds={picture.milliseconds}
        liveTensors={picture.liveTensors}
      />
    </Panel>
  );
}
