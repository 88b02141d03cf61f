import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { MoreSides } from "../ui/more-sides.js";
import type { Workspace } from "./workspace.js";

/** A button for each example of the chosen model, and what to look at in the one that is shown. */
export function ExampleButtons({ workspace }: { readonly workspace: Workspace }): JSX.Element | null {
  const row = useRef<HTMLDivElement>(null);
  const info = workspace.info.value;
  if (info === undefined) return null;
  const { text, answer } = workspace.state.value;
  const shown = info.examples.find((example) => example.text === text && (example.answer ?? "") === answer);
  return (
    <div class="workspace-examples">
      <MoreSides key={info.id} box={row} kind="example-sides">
        <div ref={row} class="example-row" role="group" aria-label="Examples">
          {info.examples.map((example) => (
            <button
              key={`${example.text}\0${example.answer ?? ""}`}
              type="button"
              class="example-text"
              aria-pressed={example === shown}
              title={example.note}
              onClick={() => workspace.show(example, example.head ?? info.firstHead)}
            >
              <bdi>{example.text}</bdi>
            </button>
          ))}
        </div>
      </MoreSides>
      <p class="example-note" role="status">
        {shown?.note}
      </p>
    </div>
  );
}
