/** One kind of attention of a model. */
export interface ModelPart {
  readonly part: ModelPartName;
  readonly layers: number;
  readonly heads: number;
}

/** The self-attention of a language model; for an encoder-decoder, that of the encoder, of the decoder, and cross-attention. */
export type ModelPartName = "self" | "encoder" | "decoder" | "cross";
export const modelPartNames: readonly ModelPartName[] = ["self", "encoder", "decoder", "cross"];

/** The properties of an open model that the page uses. */
export interface ModelInfo {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly parts: readonly ModelPart[];
  readonly dModel: number;
  /** An example text, with the output for an encoder-decoder. */
  readonly probe: { readonly text: string; readonly answer?: string } | undefined;
}
