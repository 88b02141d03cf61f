import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { recipes } from "@tfblocks/zoo";
import { expect, it } from "vitest";

it.each(recipes.map((recipe) => [recipe.name, recipe] as const))(
  "the tokenizer.json of %s encodes and decodes like the tokenizer of the recipe",
  (_name, recipe) => {
    const { tokenizer, probe } = recipe;
    const loaded = loadTokenizer(JSON.stringify(tokenizer), { skipSpecialTokens: true });
    expect(loaded.vocabSize).toBe(tokenizer.vocabSize);
    const ids = tokenizer.encode(probe.text);
    expect(loaded.encode(probe.text)).toEqual(ids);
    expect(loaded.decode(ids)).toBe(probe.text);
    const all = Array.from({ length: tokenizer.vocabSize }, (_, id) => id);
    expect(loaded.tokens(all)).toEqual(tokenizer.tokens(all));
    expect(loaded.decode(all)).toBe(tokenizer.decode(all));
  },
);
