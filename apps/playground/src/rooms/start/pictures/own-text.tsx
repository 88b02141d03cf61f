import type { JSX } from "preact";
import type { StepProps } from "../lesson-step.js";
import { HeadPicture } from "./head-picture.js";
import { PredictedText } from "./predictions.js";
import { TextLine } from "./text-line.js";

const texts = [
  "the dogs near the cat",
  "the dog near the cats",
  "the boys that the old woman sees",
  "my queen [ near the old houses ] admires",
];

/** A text of the reader in the grammar model: its prediction and the head that looks at the subject. */
export function OwnText(props: StepProps): JSX.Element {
  const { workspace } = props;
  return (
    <>
      <TextLine {...props} label="Your text, in the words of this model" />
      <p class="example-buttons">
        {texts.map((text) => (
          <button key={text} type="button" class="plain-button" onClick={() => workspace.write(text)}>
            {text}
          </button>
        ))}
      </p>
      <PredictedText {...props} start={4} />
      <HeadPicture {...props} />
    </>
  );
}
