export { type HeadVectors, narrowVectors, normalVectors, type NormalVectorSizes } from "./scaling/head-vectors.js";
export { type HeadMeasures, measureHead } from "./scaling/measure-head.js";
export { type ScalingRow, scalingTable, type ScalingTable, type ScalingTableOptions } from "./scaling/scaling-table.js";
export { type HeadScores, type MeasureHeadOptions, scoreHead } from "./scaling/score-head.js";
export type { ScalingTheory, SmallScoreLimit } from "./scaling/scaling-theory.js";
export { type HeadScoreMeasures, type MeasuredScores, measureScores, type ScoreMeasures } from "./scaling/score-measures.js";
export type { QkNorm, ScoreScale, ScoringOptions } from "./scaling/scoring.js";
export { jacobianNorm, softmaxJacobian } from "./scaling/softmax-jacobian.js";
export type { Summary } from "./scaling/summary.js";
