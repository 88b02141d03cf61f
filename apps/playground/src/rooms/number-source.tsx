import type { JSX } from "preact";
import { choicesOf, Segmented } from "../ui/fields.js";

const sources = ["model", "play"] as const;

/** Whose numbers a room shows: those of the chosen model, or those of something to play with. */
export type NumberSource = (typeof sources)[number];

/** The source in the parameter `of` of a link; by default the model. */
export function sourceOf(parameters: URLSearchParams): NumberSource {
  return parameters.get("of") === "play" ? "play" : "model";
}

interface SourceChoiceProps {
  readonly value: NumberSource;
  /** What there is to play with, for example "a layer to play with". */
  readonly play: string;
  readonly onChange: (source: NumberSource) => void;
}

/** Chooses whose numbers are shown. */
export function SourceChoice({ value, play, onChange }: SourceChoiceProps): JSX.Element {
  return (
    <Segmented
      name="of"
      label="Numbers of"
      value={value}
      choices={choicesOf(sources, { model: "the chosen model", play })}
      onChange={onChange}
    />
  );
}
