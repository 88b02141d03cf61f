import type { EncoderDecoder } from "@tfblocks/transformer";
import type { Recipe } from "../recipe.js";
import { stringRecipe } from "./string-recipe.js";

/** Learns to reverse a string. */
export const reverse: Recipe<EncoderDecoder> = stringRecipe({
  name: "reverse",
  title: "Reverse",
  teaches: "Cross-attention reads the source from its end, so its map is the other diagonal.",
  steps: 1200,
  transform: (letters) => Array.from(letters).toReversed().join(""),
});
