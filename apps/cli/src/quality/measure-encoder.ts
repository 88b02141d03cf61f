import { LanguageModel } from "@tfblocks/transformer";
import { textVectors } from "@tfblocks/transformer/encode";
import { CommandError } from "@tfblocks/command-line";
import { quantize } from "@tfblocks/quantization";
import type { ModelFolder } from "../model/model-folder.js";
import { unpadded } from "../model/unpadded.js";

/** How similar the vectors of sentences are to those of 32 bits. */
export interface EncoderQuality {
  readonly bits: 8 | 4;
  readonly sentences: number;
  /** Cosines between the two vectors of a sentence. */
  readonly least: number;
  readonly mean: number;
}

const sentences = [
  "The cat sleeps on the warm windowsill.",
  "A kitten naps in the sun.",
  "Interest rates rose by half a percent in March.",
  "The central bank made loans more expensive.",
  "How do I reset my password?",
  "I forgot my login.",
  "Photosynthesis turns light into chemical energy.",
  "Plants make sugar from sunlight.",
  "The train to the coast leaves at seven.",
  "No.",
  "She has read every book that he wrote, and liked none of them.",
  "2 + 2 = 4",
];

/** @throws CommandError when the model gives no vectors of texts */
export function measureEncoder({ pretrained: { model }, tokenizer }: ModelFolder, groupSize: number): EncoderQuality[] {
  if (!(model instanceof LanguageModel)) throw new CommandError("--encoder needs an encoder, such as a BERT, got an encoder-decoder");
  const texts = sentences.map((text) => unpadded(tokenizer, text));
  const expected = vectorsOf(model, texts);
  return ([8, 4] as const).map((bits) => {
    const small = quantize(model, { bits, groupSize });
    const found = vectorsOf(small, texts);
    small.dispose();
    const cosines = found.map((vector, index) => dot(vector, expected[index]!));
    return {
      bits,
      sentences: texts.length,
      least: Math.min(...cosines),
      mean:
        dot(
          cosines,
          cosines.map(() => 1),
        ) / cosines.length,
    };
  });
}

/** Vectors of length 1. */
function vectorsOf(model: LanguageModel, texts: readonly (readonly number[])[]): number[][] {
  const vectors = textVectors(model, texts, { normalize: true });
  const rows = vectors.arraySync();
  vectors.dispose();
  return rows;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, at) => sum + each * b[at]!, 0);
}
