import { batch } from "@preact/signals";
import type { JSX } from "preact";
import { reveal } from "../../../ui/reveal.js";
import { patchLink } from "../patching/patch-settings.js";
import type { ChangeState } from "../state.js";
import { type Preset, presetsOf } from "./presets.js";

/** Changes to start with, for the trained models of the page. */
export function PresetPanel({ state }: { readonly state: ChangeState }): JSX.Element | null {
  const presets = presetsOf(state.workspace.state.value.model);
  if (presets.length === 0) return null;
  return (
    <section class="panel presets" aria-labelledby="presets-title">
      <h2 id="presets-title">Start with</h2>
      <ul>
        {presets.map((preset) => (
          <li key={preset.title}>
            <button type="button" class="plain-button" onClick={() => show(state, preset)}>
              {preset.title}
            </button>
            <span class="hint">{preset.note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function show({ workspace, editor, patchSettings, patches }: ChangeState, { example, head, edits, patch }: Preset): void {
  batch(() => {
    editor.set(edits); // the step that Back undoes; the text belongs to it
    workspace.show({ ...example, note: "" }, head);
    if (patch === undefined) return;
    patchSettings.value = { ...patchLink.defaults, ...patch };
    patches.request({ input: { ...workspace.input.value, edits: [] }, settings: patchSettings.value });
  });
  requestAnimationFrame(() => reveal(document.getElementById(patch === undefined ? "compare" : "patching")));
}
