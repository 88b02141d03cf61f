import { use, useBackend } from "@tfblocks/testkit";
import { loadTokenizer } from "@tfblocks/text/hugging-face";
import { beforeAll, expect, test } from "vitest";
import { planOf } from "./plan-of.js";
import { textDefaults, type TextSizes } from "./run-settings.js";
import { encodeText, makeTokenizer } from "./text-tokenizer.js";

const going = { step: () => Promise.resolve(true) };
const odd = `Ünïcödé 👩‍🚀 emoji, <script>alert("1")</script> and مرحبا بالعالم. `.repeat(20);
const settings = (text: string, sizes: Partial<TextSizes>) => ({
  source: { kind: "text", text, sizes: { ...textDefaults, context: 16, ...sizes } } as const,
  steps: 10,
  batchSize: 4,
  learningRate: 3e-3,
  seed: 0,
});

beforeAll(() => useBackend("cpu"));

test.each(["words", "characters", "pieces"] as const)(
  "a tokenizer of %s reads emoji, markup and right-to-left, whole and in slices",
  async (tokens) => {
    const { json, tokenizer } = (await makeTokenizer(odd, { tokens, vocabulary: 400 }, going))!;
    const ids = tokenizer.encode(odd);
    const long = odd.repeat(40); // more than one slice
    expect([...(await encodeText(long, tokenizer, going))!]).toEqual(tokenizer.encode(long));
    expect(loadTokenizer(JSON.stringify(json)).encode(odd)).toEqual(ids);
    if (tokens !== "words") expect(tokenizer.decode(ids)).toBe(odd);
    else expect(tokenizer.tokens(ids)).toContain("مرحبا");
  },
);

test("a vocabulary keeps the most frequent words; the others are unknown, and the plan says how many", async () => {
  const text = `${"a b c ".repeat(60)}${Array.from({ length: 20 }, (_, at) => `rare${at}`).join(" ")}`;
  const plan = (await planOf(settings(text, { tokens: "words", vocabulary: 4 }), going))!;
  expect(plan.tokenizer.texts([1, 2, 3, 0])).toEqual(["a", "b", "c", "<unk>"]);
  expect(plan.unknownShare).toBeCloseTo(20 / 200);
  expect(plan.tokenizer.encode("c zzz a")).toEqual([3, 0, 1]);
});

test("the held-out end of the text is in no batch of the training", async () => {
  const text = `${"ab".repeat(900)}${"xy".repeat(100)}`;
  const plan = (await planOf(settings(text, { tokens: "characters" }), going))!;
  const textsOf = (batch: ReturnType<typeof plan.batch>) => plan.tokenizer.texts([...use(batch).ids.dataSync()]).join("");
  expect(textsOf(plan.heldOutBatch({ count: 8, seed: 0 }))).toMatch(/^[xy]+$/);
  for (const index of [0, 1, 2, 30]) expect(textsOf(plan.batch(index, 0, 4))).toMatch(/^[ab]+$/);
});

test("a text that is too short says how long it must be", async () => {
  await expect(planOf(settings("too short", { tokens: "words" }), going)).rejects.toThrow(
    "The text has 2 words, too few to learn from. With a context of 16 it needs at least 170: paste a longer text, or choose a shorter context.",
  );
});

test("a cancel while the text is cut leaves nothing", async () => {
  expect(await planOf(settings(odd, { tokens: "words" }), { step: () => Promise.resolve(false) })).toBeUndefined();
  expect(await planOf(settings(odd, { tokens: "pieces" }), { step: () => Promise.resolve(false) })).toBeUndefined();
});
