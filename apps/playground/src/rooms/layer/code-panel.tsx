import type { JSX } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { Panel } from "../../ui/panel.js";
import type { LayerSettings } from "./settings.js";
import { layerCode } from "./layer-code.js";

/** The program that builds the layer. */
export function CodePanel({ settings }: { readonly settings: LayerSettings }): JSX.Element {
  return (
    <Panel
      id="code"
      title="The same in code"
      teaches="A layer is built from parts. To get a variant, pass another norm, another network or another residual rule."
      question={{
        question: "Which lines change between pre-norm and post-norm?",
        answer: "Only the one with the residual rule, and its import. The parts are the same; the rule says where their norms stand.",
      }}
    >
      <CodeBlock code={layerCode(settings)} />
    </Panel>
  );
}
