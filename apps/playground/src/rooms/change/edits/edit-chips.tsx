import type { JSX } from "preact";
import type { EditSpec } from "../../../reading/edit-spec.js";
import { describeEdit } from "./describe-edit.js";
import type { Editor } from "./editor.js";
import { PercentField, StrengthField } from "./gauge-fields.js";

/** The edits in their order, each with what it does in words, and the buttons that move, change and remove it. */
export function EditChips({ editor }: { readonly editor: Editor }): JSX.Element {
  const { edits } = editor;
  if (edits.length === 0) return <p class="hint">Nothing is changed yet. Click a head in “Every head’s effect”, or add a change below.</p>;
  return (
    <>
      <ol class="edit-chips" aria-label="Changes, in order">
        {edits.map((edit, index) => (
          <EditChip key={index} editor={editor} edit={edit} index={index} />
        ))}
      </ol>
      <p class="hint">
        {edits.length > 1 &&
          "They apply from top to bottom: of two changes of the same head, the later one sees what the earlier one left. "}
        Undo and Back undo a change, Redo and Forward make it again.
      </p>
    </>
  );
}

interface EditChipProps {
  readonly editor: Editor;
  readonly edit: EditSpec;
  readonly index: number;
}

function EditChip({ editor, edit, index }: EditChipProps): JSX.Element {
  const sentence = describeEdit(edit, editor.stacks);
  const isChanging = editor.changing.value === index;
  return (
    <li class={isChanging ? "edit-chip chosen" : "edit-chip"}>
      <span class="edit-sentence">{sentence}</span>
      <span class="edit-buttons">
        <ChipButton name="Earlier" mark="↑" what={sentence} isDisabled={index === 0} onClick={() => editor.move(index, -1)} />
        <ChipButton
          name="Later"
          mark="↓"
          what={sentence}
          isDisabled={index === editor.edits.length - 1}
          onClick={() => editor.move(index, 1)}
        />
        {edit.kind !== "mask" && (
          <ChipButton name="Change" mark="✎" what={sentence} isDisabled={false} onClick={() => editor.change(index)} />
        )}
        <ChipButton name="Remove" mark="×" what={sentence} isDisabled={false} onClick={() => editor.remove(index)} />
      </span>
      {edit.kind === "scale" && (
        <PercentField label="What is left" value={edit.factor} onChange={(factor) => editor.replace(index, { ...edit, factor })} />
      )}
      {edit.kind === "steer" && (
        <StrengthField label="Strength" value={edit.strength} onChange={(strength) => editor.replace(index, { ...edit, strength })} />
      )}
    </li>
  );
}

interface ChipButtonProps {
  readonly name: string;
  readonly mark: string;
  readonly what: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function ChipButton({ name, mark, what, isDisabled, onClick }: ChipButtonProps): JSX.Element {
  return (
    <button type="button" class="quiet-button" title={name} aria-label={`${name}: ${what}`} disabled={isDisabled} onClick={onClick}>
      {mark}
    </button>
  );
}
