export { isDelimiterText } from "./labels/delimiters.js";
export { headScores, type ScoresByMetric } from "./labels/head-scores.js";
export { type HeadLabel, type LabelEvidence, labelHeads, type LabelledHead, type LabelOptions } from "./labels/label-heads.js";
export { type HeadLabelName, type LabelContext, type LabelRule, labelRules } from "./labels/rules.js";
export type { AllowedKeys, MapMask, MapShape, MaskPredicate, Positions } from "./maps/allowed-keys.js";
export { type AttentionMaps, attentionMaps, type AttentionMapsOptions } from "./maps/attention-maps.js";
export type { ExtraKey } from "./maps/extra-keys.js";
export { mergeScores } from "./maps/merge-scores.js";
export { readAttention, type ReadAttentionOptions } from "./maps/read-attention.js";
export type { HeadScore, HeadScores, RowOptions } from "./maps/row-scores.js";
export type { SkippedRows } from "./maps/rows.js";
export { attentionDistance } from "./metrics/attention-distance.js";
export { attentionFlow, type AttentionFlow } from "./metrics/attention-flow.js";
export { attentionRollout, type AttentionRollout } from "./metrics/attention-rollout.js";
export { attentionSink, type AttentionSink, type SinkOptions, type SinkScore } from "./metrics/attention-sink.js";
export { clusterHeads, type HeadClusters } from "./metrics/cluster-heads.js";
export type { Merge } from "./metrics/clusters/average-linkage.js";
export { confidence, type ConfidenceOptions } from "./metrics/confidence.js";
export { contentDependence, type ContentOptions } from "./metrics/content-dependence.js";
export { type ArcScore, dependencyAccuracy, type DependencyScore, type RelationScore } from "./metrics/dependency-accuracy.js";
export type { DependencyOptions } from "./metrics/dependency-options.js";
export { type DetectionOptions, detectionScore } from "./metrics/detection-score.js";
export type { DistanceMatrix } from "./metrics/distance-matrix.js";
export { effectiveHeads, type EffectiveHeads } from "./metrics/effective-heads.js";
export { effectiveKeys, entropy, normalizedEntropy } from "./metrics/entropy.js";
export { extraKeyMass } from "./metrics/extra-key-mass.js";
export { headCka, type HeadCka, type HeadCkaOptions, type HeadOutputShape } from "./metrics/head-cka.js";
export { headDistances, type HeadDistances, type LayerHead } from "./metrics/head-distances.js";
export { headDiversity, type HeadDiversity } from "./metrics/head-diversity.js";
export { headLayout, type HeadLayout } from "./metrics/head-layout.js";
export type { KeptScore } from "./metrics/kept-mass.js";
export type { Point } from "./metrics/layout/points.js";
export type { MatrixRows } from "./metrics/linear-algebra/matrix.js";
export { type CkaOptions, linearCka } from "./metrics/linear-cka.js";
export { effectiveRank, participationRatio, stableRank } from "./metrics/matrix-rank.js";
export { nextTokenMass, offsetArgmaxRate, offsetMass, type OffsetOptions, previousTokenMass, selfMass } from "./metrics/offset-mass.js";
export { type HeadSpectrum, type OffsetBar, offsetSpectrum } from "./metrics/offset-spectrum.js";
export type { PathOptions, PathScores } from "./metrics/paths/mixing.js";
export { type AttentionPattern, patternMass } from "./metrics/pattern-mass.js";
export type { PositionalBaseline } from "./metrics/positional-baseline.js";
export { firstTokenMass, type FirstTokenOptions, tokenMass, type TokenMassOptions, type TokenPredicate } from "./metrics/token-mass.js";
export {
  duplicateTokenMass,
  duplicateTokenPattern,
  inductionPattern,
  prefixMatching,
  type RepeatedTokenOptions,
} from "./metrics/token-patterns.js";
export { windowMass, type WindowOptions } from "./metrics/window-mass.js";
