import type { EncoderDecoder } from "@tfblocks/transformer";
import type { Recipe } from "../recipe.js";
import { stringRecipe } from "./string-recipe.js";

/** Learns to copy a string. */
export const copy: Recipe<EncoderDecoder> = stringRecipe({
  name: "copy",
  title: "Copy",
  teaches: "Cross-attention moves along the source token by token, so its map is a diagonal.",
  steps: 1200,
  transform: (letters) => letters,
});
