import type { JSX } from "preact";
import { FailureLine } from "../../../ui/fields.js";
import type { StepProps } from "../lesson-step.js";

interface TextLineProps extends Pick<StepProps, "workspace" | "readings"> {
  readonly label?: string;
}

/** The text of a step, which the reader can change; below it why the model cannot read it. */
export function TextLine({ workspace, readings, label = "Text" }: TextLineProps): JSX.Element {
  const { text } = workspace.state.value;
  return (
    <div class="lesson-text">
      <label>
        <span>{label}</span>
        <input
          type="text"
          value={text}
          spellcheck={false}
          autocomplete="off"
          aria-describedby="lesson-text-failure"
          onInput={(event) => workspace.write(event.currentTarget.value)}
        />
      </label>
      <FailureLine id="lesson-text-failure" sentence={readings.tokens.failure.value?.sentence} />
    </div>
  );
}
