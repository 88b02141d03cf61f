import { readFileSync } from "node:fs";
import { modelFiles } from "@tfblocks/transformer/hugging-face";
import { gpt2 } from "@tfblocks/transformer/models";
import { setupWasm } from "@tfblocks/wasm";

const tokenizerFile = new URL("../dist/models/induction/tokenizer.json", import.meta.url);

/**
 * Lets a page open a GPT-2 with random weights and a vocabulary of 64 characters as the model `made`. `sizes` are those of `gpt2`.
 * `tokens` replaces characters by other texts.
 */
export async function serveMadeModel(page, sizes, tokens = {}) {
  await setupWasm({ threads: 1 });
  const all = { vocabSize: 64, maxLength: 64, dModel: 48, numHeads: 4, numLayers: 2, ...sizes };
  const model = gpt2(all);
  const files = modelFiles({ family: "gpt2", sizes: all, model });
  model.dispose();
  const tokenizer = JSON.parse(readFileSync(tokenizerFile, "utf8"));
  for (const [character, text] of Object.entries(tokens)) {
    tokenizer.model.vocab[text] = tokenizer.model.vocab[character];
    delete tokenizer.model.vocab[character];
  }
  const bodies = { ...files, "tokenizer.json": JSON.stringify(tokenizer) };
  await page.route("**/models/made/*", (route) => {
    const body = bodies[new URL(route.request().url()).pathname.split("/").at(-1)];
    return body === undefined
      ? route.fulfill({ status: 404 })
      : route.fulfill({ body: typeof body === "string" ? body : Buffer.from(body) });
  });
}

/** A text of so many letters, which are the tokens of a made model. @param first which letter of the alphabet is the first one */
export const letters = (count, first = 0) =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(97 + ((index * index + index + first) % 26))).join("");

/** Opens a made model on a text in the Explore room, and waits for the map of its chosen head. @param sizes as for {@link serveMadeModel} */
export async function exploreMadeModel(page, sizes, text) {
  await serveMadeModel(page, sizes);
  await page.evaluate((typed) => {
    location.hash = `#/explore?v=2&model=made&text=${typed}`;
  }, text);
  await page.waitForFunction(
    (rows) => document.querySelector(".heat-map [role=grid]")?.getAttribute("aria-rowcount") === String(rows),
    text.length,
    { timeout: 90_000 },
  );
}
