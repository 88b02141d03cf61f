import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { memory } from "@tensorflow/tfjs-core";
import { Random } from "@tfblocks/tensor-utils";
import { setupWasm } from "@tfblocks/wasm";
import { grammar, type Recipe } from "@tfblocks/zoo";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { saveModel, type TrainingLog } from "../train/save-model.js";
import { generate } from "./generate.js";

/** Each message is closed by "today", a special token; an answer begins with "the". */
const template =
  "{% for m in messages %}{{ 'my ' if m.role == 'system' }}{{ m.content }}today{% endfor %}{{ 'the' if add_generation_prompt }}";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  await setupWasm({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "tfblocks-chat-"));
  const model = grammar.build(new Random(1));
  await saveModel(folder, grammar as Recipe, model, {} as TrainingLog);
  model.dispose();
  const tokenizer = JSON.parse(await readFile(at("tokenizer.json"), "utf8")) as { model: { vocab: Record<string, number> } };
  const special = {
    id: tokenizer.model.vocab["today"],
    content: "today",
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  };
  await writeFile(at("tokenizer.json"), JSON.stringify({ ...tokenizer, added_tokens: [special] }));
});
beforeEach(async () => {
  await rm(at("chat_template.jinja"), { force: true });
  await writeFile(at("tokenizer_config.json"), JSON.stringify({ chat_template: template }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input = "") {
  const written = { stdout: "", stderr: "" };
  const output = (name: keyof typeof written) => ({ write: (text: string) => void (written[name] += text) });
  const [stdin, { signal }, before] = [Readable.from([input]), new AbortController(), memory().numTensors];
  const all = ["--model", folder, "--threads", "1", "--max-new-tokens", "4", ...args];
  const code = await generate(all, { stdout: output("stdout"), stderr: output("stderr"), stdin, signal });
  expect(memory().numTensors).toBe(before);
  return { code, ...written };
}

const answer = async (...args: string[]) =>
  JSON.parse((await run([...args, "--json"])).stdout) as { promptTokens: string[]; prompt: string; text: string };

describe("npm run generate -- --chat", () => {
  it("writes the prompt by the template of the folder and prints the answer alone, as if the text had been the prompt", async () => {
    const { prompt, promptTokens, text } = await answer("--chat", "--system", "queen", "--prompt", "the dogs run");
    expect([prompt, promptTokens]).toEqual(["the dogs run", ["my", "queen", "today", "the", "dogs", "run", "today", "the"]]);
    const plain = await answer("--prompt", "my queen today the dogs run today the");
    expect(plain.promptTokens).toEqual(promptTokens);
    expect(text).toBe(plain.text.replaceAll(/ ?\btoday\b/g, ""));
    const { code, stdout } = await run(["--chat", "--system", "queen", "--prompt", "the dogs run"]);
    expect([code, stdout]).toEqual([0, `${text}\n`]);
  });

  it("prefers the template of chat_template.jinja", async () => {
    await writeFile(at("chat_template.jinja"), "{{ messages[0].content }} again");
    expect((await answer("--chat", "--prompt", "the dogs")).promptTokens).toEqual(["the", "dogs", "again"]);
  });

  it("reads messages from standard input, each of which continues the conversation", async () => {
    const { code, stdout, stderr } = await run(["--chat"], "the dogs\n\nthe boys run\n");
    expect([code, stdout.trimEnd().split("\n").length]).toEqual([0, 2]);
    const lengths = [...stderr.matchAll(/prefill (\d+) tokens/g)].map(([, count]) => Number(count));
    const [first] = stdout.split("\n");
    const words = first!.split(" ").filter((word) => word !== "").length;
    expect(lengths).toEqual([4, 4 + words + 5]); // "the dogs today the", the answer and "today the boys run today", and "the" again
  });

  it("says what the folder lacks, what the template cannot do and which options need others", async () => {
    const failing = async (...args: string[]) => (await run(args)).stderr.replaceAll(folder, "FOLDER");
    await writeFile(at("tokenizer_config.json"), JSON.stringify({ chat_template: "{{ raise_exception('no system') }}" }));
    const messages = [await failing("--chat", "--prompt", "the dogs")];
    await rm(at("tokenizer_config.json"));
    messages.push(await failing("--chat", "--prompt", "the dogs"), await failing("--chat", "--json"));
    messages.push(await failing("--system", "x", "--prompt", "the"), await failing("--chat", "--attention", "x.json"));
    expect(messages).toMatchInlineSnapshot(`
      [
        "generate: ChatTemplate.render: chat_template "default" must be a template that accepts these messages, got the error "no system"
      ",
        "generate: --chat needs a model that was trained to chat, whose folder has a chat_template.jinja or a chat_template in tokenizer_config.json; leave out --chat to continue the prompt as text
      ",
        "generate: --json needs --prompt; without it, --chat reads several messages; see --help
      ",
        "generate: --system needs --chat; see --help
      ",
        "generate: --attention needs --prompt; without it, --chat reads several messages; see --help
      ",
      ]
    `);
  });
});
