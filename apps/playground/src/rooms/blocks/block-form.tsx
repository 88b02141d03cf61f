import type { ComponentChildren, JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { TextWithExamples } from "../../ui/example-texts.js";
import { choicesOf, FailureLine, Segmented } from "../../ui/fields.js";
import type { BlockProps } from "./block-props.js";
import { blockNames, blockTitles } from "./block-names.js";

/** The properties that every block passes to its form. */
export interface BlockFormProps extends Pick<BlockProps, "block" | "choose"> {
  readonly state: { failureOf(field: string): string | undefined };
}

interface BlockFormContent extends BlockFormProps {
  /** The text field, for blocks that process a text. */
  readonly text?: { readonly value: string; readonly onChange: (text: string) => void };
  readonly children: ComponentChildren;
}

/** The settings of a block: the choice of the block, its text, and the fields of the block. */
export function BlockForm({ state, block, choose, text, children }: BlockFormContent): JSX.Element {
  return (
    <ControlForm label="Settings">
      <Segmented name="block" label="Block" value={block} choices={choicesOf(blockNames, blockTitles)} onChange={choose} />
      {text !== undefined && <TextWithExamples failure={state.failureOf("text")} {...text} />}
      {children}
      <FailureLine id="sizes-failure" sentence={state.failureOf("sizes")} />
    </ControlForm>
  );
}
