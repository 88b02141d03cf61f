import type { JSX } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { Panel } from "../../ui/panel.js";
import type { DrawnPicture } from "./room-state.js";
import { modelCode } from "./model-code.js";
import { sourceCode } from "./source-code.js";

/** The picture as a program. */
export function CodePanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  return (
    <Panel
      id="code"
      title="The same in your own program"
      teaches="The room calls the published packages and nothing else; this is the call behind the picture."
      question={
        picture.model === undefined
          ? "Add a sliding window to a causal mask. How do two rules become one?"
          : "The weights come layer by layer. Which line would you change to see another layer?"
      }
    >
      <CodeBlock code={picture.model === undefined ? sourceCode(picture.settings, picture.keyTokens.length) : modelCode(picture.model)} />
    </Panel>
  );
}
