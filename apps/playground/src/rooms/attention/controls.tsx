import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { ExampleTexts } from "../../ui/example-texts.js";
import { choicesOf, FailureLine, Group, Segmented, TextField } from "../../ui/fields.js";
import { SeedField } from "../../ui/seed-field.js";
import { MaskControls } from "./mask-controls.js";
import { ModelChoice, ModelControls } from "./model-controls.js";
import type { RoomState } from "./room-state.js";
import { headChoices, widthChoices } from "./settings.js";

/** What is computed: texts, mask, sizes. */
export function Controls({ state }: { readonly state: RoomState }): JSX.Element {
  const failure = state.failure.value;
  return (
    <ControlForm label="What is computed">
      <ModelChoice state={state} />
      {state.settings.value.model === "" ? (
        <>
          <TextControls state={state} />
          <MaskControls state={state} />
          <SizeControls state={state} />
        </>
      ) : (
        <ModelControls state={state} />
      )}
      <FailureLine id="sizes-failure" sentence={failure?.field === "sizes" ? failure.sentence : undefined} />
    </ControlForm>
  );
}

function TextControls({ state }: { readonly state: RoomState }): JSX.Element {
  const { kind, text, keyText } = state.settings.value;
  const failure = state.failure.value;
  const failureOf = (field: string): string | undefined => (failure?.field === field ? failure.sentence : undefined);
  const cross = kind === "cross";
  return (
    <section class="control-group group-fields" aria-label="Text">
      <Segmented
        name="kind"
        label="Attention"
        value={kind}
        choices={[
          { value: "self", label: "Self" },
          { value: "cross", label: "Cross" },
        ]}
        onChange={(value) => state.change({ kind: value })}
      />
      <TextField
        id="text"
        label={cross ? "Queries come from" : "Queries, keys and values come from"}
        value={text}
        failure={failureOf("text")}
        onChange={(value) => state.change({ text: value })}
      />
      {cross && (
        <TextField
          id="keyText"
          label="Keys and values come from"
          value={keyText}
          failure={failureOf("keyText")}
          onChange={(value) => state.change({ keyText: value })}
        />
      )}
      <ExampleTexts onChange={(value) => state.change({ text: value })} />
    </section>
  );
}

function SizeControls({ state }: { readonly state: RoomState }): JSX.Element {
  const { heads, dModel, seed } = state.settings.value;
  return (
    <Group title="Sizes" summary={`${heads === 1 ? "1 head" : `${heads} heads`}, dModel ${dModel}, seed ${seed}`}>
      <Segmented
        name="heads"
        label="Heads"
        value={heads}
        choices={choicesOf(headChoices)}
        onChange={(value) => state.change({ heads: value })}
      />
      <Segmented
        name="dModel"
        label="Width dModel"
        value={dModel}
        choices={choicesOf(widthChoices)}
        onChange={(value) => state.change({ dModel: value })}
      />
      <SeedField seed={seed} onChange={(value) => state.change({ seed: value })} />
      <p class="hint">
        Each head works on {dModel} / {heads} = {formatShare(dModel / heads)} numbers of every token.
      </p>
    </Group>
  );
}

function formatShare(share: number): string {
  return Number.isInteger(share) ? String(share) : share.toFixed(2);
}
