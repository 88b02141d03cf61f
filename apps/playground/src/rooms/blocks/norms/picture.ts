/** The vectors at one stage and the statistics of each token. */
export interface NormStage {
  readonly name: string;
  /** `[tokens, width]` */
  readonly values: Float32Array;
  /** `[tokens]` */
  readonly mean: Float32Array;
  /** The root of the biased variance, `[tokens]`. */
  readonly deviation: Float32Array;
  /** `[tokens]` */
  readonly rootMeanSquare: Float32Array;
}

/** The vectors of a text at several stages. */
export interface NormStages {
  readonly tokens: readonly string[];
  readonly width: number;
  readonly stages: readonly NormStage[];
}

/** The vectors before the norms, after LayerNorm and after RMSNorm. */
export interface NormPicture extends NormStages {
  readonly stages: readonly [before: NormStage, layerNorm: NormStage, rmsNorm: NormStage];
  readonly milliseconds: number;
  readonly liveTensors: number;
}
