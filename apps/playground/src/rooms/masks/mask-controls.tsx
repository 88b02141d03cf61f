import type { JSX } from "preact";
import { ControlForm } from "../../ui/control-form.js";
import { Group, NumberField, Switch } from "../../ui/fields.js";
import { orderWords, paddingWords, windowWords } from "../../ui/mask-words.js";
import { DocumentFields } from "./document-fields.js";
import { mostKeys } from "./link.js";
import type { MasksState } from "./masks-state.js";
import { presets, sameMask } from "./presets.js";

/** The parts of the mask. */
export function MaskControls({ state }: { readonly state: MasksState }): JSX.Element {
  return (
    <ControlForm label="The mask">
      <Presets state={state} />
      <OrderFields state={state} />
      <WindowFields state={state} />
      <PaddingFields state={state} />
      <DocumentFields state={state} />
    </ControlForm>
  );
}

function Presets({ state }: { readonly state: MasksState }): JSX.Element {
  const chosen = presets.find(({ mask }) => sameMask(mask(state.length), state.mask.value));
  return (
    <Group title="As in" summary={chosen?.title ?? "your own"}>
      <div class="preset-list">
        {presets.map((preset) => (
          <button
            key={preset.id}
            type="button"
            class={preset === chosen ? "plain-button chosen" : "plain-button"}
            aria-pressed={preset === chosen}
            onClick={() => state.change(preset.mask(state.length))}
          >
            {preset.title}
          </button>
        ))}
      </div>
      <p class="hint" aria-live="polite">
        {chosen?.about ?? "A mask of your own. A token sees another one if every part below allows it."}
      </p>
    </Group>
  );
}

function OrderFields({ state }: { readonly state: MasksState }): JSX.Element {
  const { causal, prefix } = state.mask.value;
  return (
    <Group title="Order" summary={orderWords(state.mask.value)}>
      <Switch label="Causal: only look back" value={causal} onChange={(next) => state.change({ causal: next })} />
      <NumberField
        label="Prefix that all see"
        value={prefix}
        min={0}
        max={mostKeys}
        disabled={!causal}
        onChange={(next) => state.change({ prefix: next })}
      />
      {!causal && <p class="hint">Without causal every token sees the prefix anyway.</p>}
    </Group>
  );
}

function WindowFields({ state }: { readonly state: MasksState }): JSX.Element {
  const { window } = state.mask.value;
  return (
    <Group title="Window" summary={windowWords(state.mask.value) ?? "none"}>
      <Switch
        label="Only look at neighbours"
        value={window !== null}
        onChange={(next) => state.change({ window: next ? { before: 3, after: 0 } : null })}
      />
      {window !== null && (
        <div class="field-row">
          <NumberField
            label="Back"
            value={window.before}
            min={0}
            max={mostKeys}
            onChange={(before) => state.change({ window: { ...window, before } })}
          />
          <NumberField
            label="Ahead"
            value={window.after}
            min={0}
            max={mostKeys}
            onChange={(after) => state.change({ window: { ...window, after } })}
          />
        </div>
      )}
    </Group>
  );
}

function PaddingFields({ state }: { readonly state: MasksState }): JSX.Element {
  const { padding } = state.mask.value;
  return (
    <Group title="Padding" summary={paddingWords(state.mask.value) ?? "none"}>
      <NumberField
        label="Last tokens that are padding"
        value={padding}
        min={0}
        max={mostKeys}
        onChange={(next) => state.change({ padding: next })}
      />
      <p class="hint">The last tokens of your text stand for padding: they are hidden from all.</p>
    </Group>
  );
}
