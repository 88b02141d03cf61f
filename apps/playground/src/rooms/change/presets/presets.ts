import type { Example, HeadPlace } from "../../../models/model-info.js";
import type { ModelId } from "../../../models/model-id.js";
import type { EditSpec } from "../../../reading/edit-spec.js";
import type { PatchSettings } from "../patching/patch-settings.js";

/** A change, or two texts to patch, that shows something of a trained model. */
export interface Preset {
  readonly title: string;
  /** What to look at, in one sentence. */
  readonly note: string;
  readonly example: Omit<Example, "note">;
  readonly head: HeadPlace;
  readonly edits: readonly EditSpec[];
  /** Two texts to patch; the first one is that of the example. */
  readonly patch?: Partial<PatchSettings>;
}

const off = (part: string, ...heads: number[]): EditSpec => ({ kind: "ablate", part, heads, by: "zero" });
const self = (layer: number, head: number): HeadPlace => ({ kind: "self", layer, head });

const repeated = { text: "qX7mBe+ZkT2wqX7mBe+ZkT2wqX7" };
const notRepeated = { text: "bY8nCf0VjU3xqX7mBe+Z" };
const induction: readonly Preset[] = [
  {
    title: "Switch off L0·H0",
    note: "It tells each token which one came before. Without it the repetition is no longer found.",
    example: repeated,
    head: self(1, 0),
    edits: [off("layers.0.attention", 0)],
  },
  {
    title: "Switch off one induction head",
    note: "Nothing happens: three other heads do the same work.",
    example: repeated,
    head: self(1, 0),
    edits: [off("layers.1.attention", 0)],
  },
  {
    title: "Switch off all four",
    note: "Together they are needed: without them every token is a guess.",
    example: repeated,
    head: self(1, 0),
    edits: [off("layers.1.attention", 0, 1, 2, 3)],
  },
  {
    title: "Bring a repetition back",
    note: "Your text does not repeat, the other one does. What must be put in so that the model knows what follows?",
    example: notRepeated,
    head: self(1, 0),
    edits: [],
    patch: { other: repeated.text.slice(0, notRepeated.text.length), by: "position", at: -1, right: "k", wrong: "b" },
  },
];

const grammar: readonly Preset[] = [
  {
    title: "Switch off L2·H3",
    note: "It looks for the subject. Without it the verb after “sees” agrees with the nearest noun: “girl”, not “dogs”.",
    example: { text: "the dogs that the girl sees run ." },
    head: self(2, 3),
    edits: [off("layers.2.attention", 3)],
  },
  {
    title: "Turn L2·H3 down",
    note: "Pull the slider: at which point does the verb change its number?",
    example: { text: "the dogs that the girl sees" },
    head: self(2, 3),
    edits: [{ kind: "scale", part: "layers.2.attention", heads: [3], factor: 0.5 }],
  },
  {
    title: "One dog, or several",
    note: "Only the subject differs. Where is its number, and how does it reach the verb?",
    example: { text: "the dog near the old tree" },
    head: self(2, 3),
    edits: [],
    patch: { other: "the dogs near the old tree", by: "position", at: -1, right: "run", wrong: "runs" },
  },
];

const byModel: Readonly<Record<ModelId, readonly Preset[]>> = { induction, grammar };

/** The presets of a model; none for a model that is not one of the page. */
export function presetsOf(model: ModelId): readonly Preset[] {
  return byModel[model] ?? [];
}
