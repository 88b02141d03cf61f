import type { JSX } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { Panel } from "../../ui/panel.js";
import type { LayerSettings } from "./settings.js";
import { layerCode } from "./layer-code.js";

/** The layer as a program. */
export function CodePanel({ settings }: { readonly settings: LayerSettings }): JSX.Element {
  return (
    <Panel
      id="code"
      title="The same in your own program"
      teaches="A variant is another part handed in: the norm, the network, the rule by which a sublayer joins the stream."
      question="Which line changes between pre-norm and post-norm?"
    >
      <CodeBlock code={layerCode(settings)} />
    </Panel>
  );
}
