import type { JSX } from "preact";
import { choicesOf, NumberField, Segmented } from "../../ui/fields.js";
import { Term } from "../../ui/term.js";
import { headCounts, runLimits, type TokenKind, tokenKinds, widths } from "../../training/run-settings.js";
import type { TrainView } from "./train-view.js";

const tokenHints: Readonly<Record<TokenKind, string>> = {
  words: "Each word and each run of punctuation is a token. Rare words become “<unk>”.",
  characters: "Each character is a token: a small vocabulary that knows every word, but longer texts.",
  pieces: "Frequent pieces of words are tokens (byte-level BPE, as in GPT-2). Nothing is unknown.",
};

/** The tokenizer and the size of a model for the reader's text. */
export function ModelSizeFields({ view }: { readonly view: TrainView }): JSX.Element {
  const { value: settings } = view.settings;
  return (
    <>
      <Segmented
        name="tokens"
        label="Tokens"
        value={settings.tokens}
        choices={choicesOf(tokenKinds)}
        onChange={(tokens) => view.change({ tokens })}
      />
      <p class="hint">{tokenHints[settings.tokens]}</p>
      <div class="field-row">
        <NumberField
          label="Vocabulary, at most"
          value={settings.vocabulary}
          {...runLimits.vocabulary}
          onChange={(vocabulary) => view.change({ vocabulary })}
        />
        <NumberField
          label="Context (tokens)"
          value={settings.context}
          {...runLimits.context}
          onChange={(context) => view.change({ context })}
        />
      </div>
      <Segmented
        name="layers"
        label="Layers"
        value={settings.layers}
        choices={choicesOf([1, 2, 3, 4])}
        onChange={(layers) => view.change({ layers })}
      />
      <Segmented
        name="heads"
        label="Heads in each layer"
        value={settings.heads}
        choices={choicesOf(headCounts)}
        onChange={(heads) => view.change({ heads })}
      />
      <Segmented
        name="width"
        label="Vector size"
        value={settings.width}
        choices={choicesOf(widths)}
        onChange={(width) => view.change({ width })}
      />
      <p class="hint">
        The <Term name="dModel">vector size</Term> is shared by the <Term name="head">heads</Term>: each has{" "}
        {settings.width / settings.heads} numbers. A larger model learns more from a long text, and each step takes longer.
      </p>
    </>
  );
}
