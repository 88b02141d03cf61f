import type { JSX } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { Panel } from "../../ui/panel.js";
import type { DrawnPicture } from "./attention-state.js";
import { modelCode } from "./model-code.js";
import { sourceCode } from "./source-code.js";

/** The program that computes the picture. */
export function CodePanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  return (
    <Panel
      id="code"
      title="The same in code"
      teaches="This room uses only the published packages. This program computes the same weights."
      question={
        picture.model === undefined
          ? "Add a sliding window to a causal mask. How does the code combine the two?"
          : "Which line would you change to get the weights of another layer?"
      }
    >
      <CodeBlock code={picture.model === undefined ? sourceCode(picture.settings, picture.keyTokens.length) : modelCode(picture.model)} />
    </Panel>
  );
}
