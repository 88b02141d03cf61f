/** A kind of attention that a model has. */
export interface ModelPart {
  readonly part: ModelPartName;
  readonly layers: number;
  readonly heads: number;
}

/** Self-attention of a language model; or of an encoder, of a decoder, and from the decoder to the encoder. */
export type ModelPartName = "self" | "encoder" | "decoder" | "cross";
export const modelPartNames: readonly ModelPartName[] = ["self", "encoder", "decoder", "cross"];

/** What the page must know of an opened model. */
export interface ModelInfo {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly parts: readonly ModelPart[];
  readonly dModel: number;
  /** A text whose attention is worth looking at, with the answer of an encoder-decoder. */
  readonly probe: { readonly text: string; readonly answer?: string } | undefined;
}
