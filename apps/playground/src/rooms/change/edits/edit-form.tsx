import type { JSX } from "preact";
import { Choice, choicesOf, FailureLine, Segmented, TextField } from "../../../ui/fields.js";
import { Term } from "../../../ui/term.js";
import { PercentField, StrengthField } from "./gauge-fields.js";
import { draftKinds, type DraftKind, type EditDraft, needsHeads } from "./edit-draft.js";
import type { Editor } from "./editor.js";
import { HeadPicker } from "./head-picker.js";
import { partLabel } from "./part-names.js";
import { PositionRange } from "./position-range.js";

const kindNames: Readonly<Record<DraftKind, string>> = {
  ablate: "Switch heads off",
  scale: "Turn heads down",
  patch: "Put in values of another text",
  steer: "Steer by the difference of two texts",
  freeze: "Freeze attention",
};

const explanations: Readonly<Record<DraftKind, JSX.Element>> = {
  ablate: (
    <>
      What the heads write is replaced: an <Term name="ablation">ablation</Term>. If the model needs them, its predictions fail.
    </>
  ),
  scale: <>What the heads write is multiplied: 100 % changes nothing, 0 % switches them off.</>,
  patch: (
    <>
      The values are those that the model has when it reads the other text: <Term name="patching">patching</Term>. What comes with them was
      stored there.
    </>
  ),
  steer: (
    <>
      The mean difference between the two texts is added to the <Term name="residual">stream</Term> at every position:{" "}
      <Term name="steering">steering</Term>.
    </>
  ),
  freeze: (
    <>
      Each row looks where it looked in the other text: <Term name="freezing">freezing</Term>. What it reads there is that of your text.
    </>
  ),
};

interface EditFormProps {
  readonly editor: Editor;
  /** The tokens that a part reads, to choose positions. */
  readonly tokensOf: (part: string) => readonly string[];
}

/** The form that makes a new edit, or changes one. */
export function EditForm({ editor, tokensOf }: EditFormProps): JSX.Element {
  const { draft } = editor;
  const isChange = editor.changing.value !== undefined;
  const submit = (event: Event): void => {
    event.preventDefault();
    editor.submit();
  };
  return (
    <form class="edit-form" aria-label={isChange ? "Change an edit" : "New change"} onSubmit={submit}>
      <Choice
        label={isChange ? "Change it to" : "Add a change"}
        value={draft.kind}
        choices={choicesOf(draftKinds, kindNames)}
        onChange={(kind) => editor.write({ kind })}
      />
      <p class="hint">{explanations[draft.kind]}</p>
      <EditFields editor={editor} draft={draft} tokensOf={tokensOf} />
      <div class="form-buttons">
        <button type="submit" class="plain-button main-button">
          {isChange ? "Save the change" : "Add the change"}
        </button>
        {isChange && (
          <button type="button" class="plain-button" onClick={() => editor.clear()}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

function EditFields({ editor, draft, tokensOf }: EditFormProps & { readonly draft: EditDraft }): JSX.Element {
  return (
    <>
      {draft.kind === "patch" && (
        <Segmented
          name="patched"
          label="Which values"
          value={draft.patched}
          choices={choicesOf(["heads", "layer"], { heads: "Of heads", layer: "Stream after a layer" })}
          onChange={(patched) => editor.write({ patched })}
        />
      )}
      {needsHeads(draft) ? <HeadFields editor={editor} draft={draft} /> : <PartField editor={editor} draft={draft} />}
      {draft.kind === "ablate" && (
        <Segmented
          name="by"
          label="Replaced by"
          value={draft.by}
          choices={choicesOf(["zero", "mean"], { zero: "Zero", mean: "Its mean over this text" })}
          onChange={(by) => editor.write({ by })}
        />
      )}
      {draft.kind === "scale" && <PercentField label="What is left" value={draft.factor} onChange={(factor) => editor.write({ factor })} />}
      {draft.kind === "patch" && (
        <PositionRange tokens={tokensOf(partOf(draft))} range={draft.range} onChange={(range) => editor.write({ range })} />
      )}
      <TextFields editor={editor} draft={draft} />
    </>
  );
}

/** The part whose positions can be chosen: that of the first head, or the one that was chosen. */
function partOf({ patched, heads, part }: EditDraft): string {
  const [first] = heads;
  if (patched === "layer" || first === undefined) return part;
  return first.kind === "encoder" ? "encoder." : "";
}

interface FieldsProps {
  readonly editor: Editor;
  readonly draft: EditDraft;
}

function HeadFields({ editor, draft }: FieldsProps): JSX.Element {
  return (
    <div>
      <HeadPicker stacks={editor.stacks} heads={draft.heads} onChange={(heads) => editor.write({ heads })} />
      <FailureLine id="heads-failure" sentence={editor.failureOf("heads")} />
    </div>
  );
}

function PartField({ editor, draft }: FieldsProps): JSX.Element {
  const parts = editor.stacks.flatMap((stack) => stack.parts);
  const names = Object.fromEntries(parts.map((part) => [part, partLabel(editor.stacks, part)]));
  return (
    <Choice
      label={draft.kind === "freeze" ? "Attention of layer" : "After layer"}
      value={draft.part}
      choices={choicesOf(parts, names)}
      onChange={(part) => editor.write({ part })}
    />
  );
}

function TextFields({ editor, draft }: FieldsProps): JSX.Element | null {
  if (draft.kind === "patch" || draft.kind === "freeze") return <OtherText editor={editor} field="from" label="The other text" />;
  if (draft.kind !== "steer") return null;
  return (
    <>
      <OtherText editor={editor} field="toward" label="Toward this text" />
      <OtherText editor={editor} field="away" label="Away from this text" />
      <StrengthField label="Strength" value={draft.strength} onChange={(strength) => editor.write({ strength })} />
    </>
  );
}

function OtherText({
  editor,
  field,
  label,
}: {
  readonly editor: Editor;
  readonly field: "from" | "toward" | "away";
  readonly label: string;
}) {
  return (
    <TextField
      id={`edit-${field}`}
      label={label}
      value={editor.draft[field]}
      failure={editor.failureOf(field)}
      onChange={(text) => editor.write({ [field]: text })}
    />
  );
}
