import type { JSX } from "preact";
import type { AttentionStack, HeadPlace } from "../../../models/model-info.js";
import { ValueGrid } from "../../../ui/value-grid.js";
import { sameHead } from "../../../ui/head-name.js";
import { gridOfHeads } from "./grid-of-heads.js";

interface HeadPickerProps {
  readonly stacks: readonly AttentionStack[];
  readonly heads: readonly HeadPlace[];
  readonly onChange: (heads: readonly HeadPlace[]) => void;
}

/** Chooses any number of heads in a grid of layers and heads. */
export function HeadPicker({ stacks, heads, onChange }: HeadPickerProps): JSX.Element {
  const isChosen = (place: HeadPlace): boolean => heads.some((each) => sameHead(each, place));
  const { placeAt, ...grid } = gridOfHeads(stacks, (place, name) => ({ label: name, text: "", value: null, isPressed: isChosen(place) }));
  const toggle = (place: HeadPlace): void => onChange(isChosen(place) ? heads.filter((each) => !sameHead(each, place)) : [...heads, place]);
  return (
    <div class="head-picker">
      <span class="field-name">Heads</span>
      <ValueGrid label="Heads to choose" {...grid} onPick={(row, column) => toggle(placeAt(row, column))} />
    </div>
  );
}
