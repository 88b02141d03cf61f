import type { EncoderDecoder } from "@tfblocks/transformer";
import type { Recipe } from "../recipe.js";
import { stringRecipe } from "./string-recipe.js";

/** Learns to copy a string. */
export const copy: Recipe<EncoderDecoder> = stringRecipe({
  name: "copy",
  title: "Copy",
  teaches: "Cross-attention walks along the source: its map is a diagonal.",
  steps: 1200,
  transform: (letters) => letters,
});
