import type { ComponentChildren, JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { TextWithExamples } from "../../ui/example-texts.js";
import { FailureLine } from "../../ui/fields.js";

interface BlockFormProps {
  readonly state: { failureOf(field: string): string | undefined };
  /** The text field, for blocks that process a text. */
  readonly text?: { readonly value: string; readonly onChange: (text: string) => void };
  readonly children: ComponentChildren;
}

/** The settings of a block to play with: its text, and its own fields. */
export function BlockForm({ state, text, children }: BlockFormProps): JSX.Element {
  return (
    <ControlForm label="Settings">
      {text !== undefined && <TextWithExamples failure={state.failureOf("text")} {...text} />}
      {children}
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}
