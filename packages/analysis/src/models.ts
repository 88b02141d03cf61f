export { ablate } from "./edits/ablate.js";
export { freezeAttention } from "./edits/freeze-attention.js";
export type { AnyBlock } from "./edits/part-views.js";
export { type CallMask, maskAttention } from "./edits/mask-attention.js";
export { patchPath, type PathOptions } from "./edits/patch-path.js";
export { patch } from "./edits/patch.js";
export { meanOf, type MeanOptions, type Replacement, resampled, type ResampleOptions } from "./edits/replacement.js";
export { scale } from "./edits/scale.js";
export type { SiteValues } from "./edits/site-values.js";
export {
  atPositions,
  type Columns,
  headsOf,
  type Indices,
  inputOf,
  keysOf,
  neuronsOf,
  outputOf,
  queriesOf,
  type Site,
  valuesOf,
} from "./edits/sites.js";
export { steer, type SteerOptions } from "./edits/steer.js";
export { type Edit, editSite, type SiteChange, withEdits } from "./edits/with-edits.js";
export { ablateAll, type AblateAllOptions, type Ablations, type HeadAblation } from "./experiments/ablate-all.js";
export { ablateSet, type AblateSetOptions, type SetAblation, type SetChange } from "./experiments/ablate-set.js";
export type { BesideAblation, BesideOptions } from "./experiments/beside-ablations.js";
export type { GroupAblation, GroupPatch } from "./experiments/head-groups.js";
export type { InductionHead } from "./experiments/induction-heads.js";
export type { InductionTestOptions } from "./experiments/induction-options.js";
export { inductionTest, type InductionTest } from "./experiments/induction-test.js";
export type { LossFunction } from "./experiments/loss-function.js";
export type { Dependency, ParsedText } from "./experiments/parsed-texts.js";
export { type PatchedCell, type PatchedGrid, patchGrid, type PatchGridOptions, type PatchRuns } from "./experiments/patch-grid.js";
export type { RepetitionLosses } from "./experiments/repetition-losses.js";
export type { ScoreAblation, ScoreFunction } from "./experiments/score-ablation.js";
export type { Spread } from "./experiments/spread.js";
export type { AttendingWord, SyntaxHead } from "./experiments/syntax-heads.js";
export { type SyntaxRelation, syntaxTest, type SyntaxTest, type SyntaxTestOptions } from "./experiments/syntax-test.js";
export type { TrackedLayout, TrackedStepData, TrainingTrackData } from "./experiments/track/track-data.js";
export type { TrackedScores } from "./experiments/track/track-step.js";
export { type TrackedScore, type TrainingProbe, TrainingTrack } from "./experiments/track/training-track.js";
export type { HeadEdit } from "./experiments/without-heads.js";
export type { Batch, SequenceLosses } from "./importance/gate-gradients.js";
export { headImportance, type HeadImportance, type HeadImportanceScore } from "./importance/head-importance.js";
export { normWeightedAttention, type NormWeightedAttention } from "./importance/norm-weighted-attention.js";
export { type LayerValueZeroing, valueZeroing, type ValueZeroing, type ValueZeroingOptions } from "./importance/value-zeroing.js";
export { attentionLabel, headLabel } from "./models/attention-label.js";
export type { HeadName } from "./models/attention-places.js";
export { type AttentionPart, attentionsOf } from "./models/attentions.js";
export { headsIn } from "./models/heads-in.js";
export { type AnalysisStage, analyzeText, type AnalyzeTextOptions } from "./report/analyze-text.js";
export { type DelimiterTest, measureAttention, type MeasuredHead, type MeasureOptions } from "./report/measure-attention.js";
export type { ModelTexts, TokenizedText } from "./report/subject.js";
export {
  attributeLogits,
  type AttributionComponent,
  type AttributionOptions,
  type LogitAttribution,
  type TokensAt,
} from "./stream/attribute-logits.js";
export type { ComponentKind, ComponentLabel } from "./stream/attribution-terms.js";
export type { LensReading, TargetReading, TokenProbability } from "./stream/lens-reading.js";
export { type LogitLens, logitLens, type LogitLensOptions } from "./stream/logit-lens.js";
export { type LossChange, lossChange } from "./stream/loss-change.js";
export { type PredictionOptions, type PredictionReading, readPredictions } from "./stream/read-predictions.js";
export type { StreamModel, StreamOptions } from "./stream/stream-options.js";
export { type TokenLosses, tokenLosses, type TokenLossOptions } from "./stream/token-losses.js";
export type { AttentionSummary } from "./watching/attention-summary.js";
export { record, type Recording } from "./watching/record.js";
export { watchAttention, type WatchOptions } from "./watching/watch-attention.js";
export type { WatchedAttention } from "./watching/watched-attention.js";
export type { CallSizes, HeadVectors } from "./watching/watched-call.js";
export type { CompositionKind } from "./weights/composition-heads.js";
export { type CompositionOptions, compositionScores, type CompositionScores, type CompositionTable } from "./weights/composition-scores.js";
export { copyingOutput, type CopyingOutput, type CopyingOutputScore } from "./weights/copying-output.js";
export { type CopyingOptions, type CopyingScore, copyingScores, type CopyingScores } from "./weights/copying-scores.js";
export { type Eigenvalues, eigenvalues } from "./weights/eigenvalues.js";
export type { FactoredMatrix } from "./weights/factored-matrix.js";
export { headWeights, type HeadWeights, type HeadWeightsOptions, type IgnoredTerm, ovCircuit, qkCircuit } from "./weights/head-weights.js";
export type { Matrix } from "./weights/matrix.js";
