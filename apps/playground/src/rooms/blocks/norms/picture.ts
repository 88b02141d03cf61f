/** The vectors at one stage, with the statistics of each token. */
export interface NormStage {
  readonly name: string;
  /** `[tokens, width]` */
  readonly values: Float32Array;
  /** `[tokens]` */
  readonly mean: Float32Array;
  /** `[tokens]`: the root of the biased variance. */
  readonly deviation: Float32Array;
  /** `[tokens]`: the root of the mean square. */
  readonly rootMeanSquare: Float32Array;
}

/** All numbers of the norms: the vectors as they come, after LayerNorm, after RMSNorm. */
export interface NormPicture {
  readonly tokens: readonly string[];
  readonly width: number;
  readonly stages: readonly [before: NormStage, layerNorm: NormStage, rmsNorm: NormStage];
  readonly milliseconds: number;
  readonly liveTensors: number;
}
