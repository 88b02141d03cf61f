import { anyText, decimal, oneOf, type SettingsLink, whole } from "../../routing/settings-link.js";
import { headCounts, runLimits, textDefaults, type TokenKind, tokenKinds, widths } from "../../training/run-settings.js";

/** What the reader has chosen: the training to come, and what is looked at. A text is not part of a link. */
export interface TrainSettings {
  /** The name of a recipe, or `text`. */
  readonly recipe: string;
  /** 0 = the default of the recipe, as for `batch` and `rate`. */
  readonly steps: number;
  readonly batch: number;
  readonly rate: number;
  readonly seed: number;
  readonly tokens: TokenKind;
  readonly vocabulary: number;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly context: number;
  /** The key of the run that is shown, and of the one beside it; empty for none. */
  readonly run: string;
  readonly beside: string;
  /** The step that all pictures show; -1 = the last one. */
  readonly step: number;
  /** The head that is looked at, for example `self.1.2`. */
  readonly look: string;
  /** The metric of the curves of heads; empty for the one that suits the attention. */
  readonly metric: string;
}

const { tokens, vocabulary, layers, heads, dModel, context } = textDefaults;

export const textRecipe = "text";

export const trainLink: SettingsLink<TrainSettings> = {
  defaults: {
    recipe: "induction",
    steps: 0,
    batch: 0,
    rate: 0,
    seed: 0,
    tokens,
    vocabulary,
    layers,
    heads,
    width: dModel,
    context,
    run: "",
    beside: "",
    step: -1,
    look: "",
    metric: "",
  },
  fields: {
    recipe: anyText,
    steps: whole(0, runLimits.steps.max),
    batch: whole(0, runLimits.batchSize.max),
    rate: decimal(0, runLimits.learningRate.max),
    seed: whole(runLimits.seed.min, runLimits.seed.max),
    tokens: oneOf(tokenKinds),
    vocabulary: whole(runLimits.vocabulary.min, runLimits.vocabulary.max),
    layers: whole(runLimits.layers.min, runLimits.layers.max),
    heads: oneOf(headCounts),
    width: oneOf(widths),
    context: whole(runLimits.context.min, runLimits.context.max),
    run: anyText,
    beside: anyText,
    step: whole(-1, runLimits.steps.max),
    look: anyText,
    metric: anyText,
  },
};
