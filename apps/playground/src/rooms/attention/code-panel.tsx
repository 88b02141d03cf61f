import type { JSX } from "preact";
import { CodeBlock } from "../../ui/code-block.js";
import { Panel } from "../../ui/panel.js";
import type { DrawnPicture } from "./room-state.js";
import { sourceCode } from "./source-code.js";

/** The picture as a program. */
export function CodePanel({ picture }: { readonly picture: DrawnPicture }): JSX.Element {
  return (
    <Panel
      id="code"
      title="The same in your own program"
      teaches="The room calls the published packages and nothing else; this is the call behind the picture."
      question="Add a sliding window to a causal mask. How do two rules become one?"
    >
      <CodeBlock code={sourceCode(picture.settings, picture.keyTokens.length)} />
    </Panel>
  );
}
