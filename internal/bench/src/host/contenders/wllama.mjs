import { logitsFrom } from "../logits.mjs";
import { contextSize, letterOf, nextToken, tokensOf } from "../tokens.mjs";

/** Tokens of one call, so that what a call costs beside them is small. */
const tokensInCall = 8;
const text = (tokens) => Array.from(tokens, letterOf).join("");

/** wllama, which is llama.cpp in WebAssembly, from a file of the model that this page's server has. */
export function wllamaContender({ Wllama }, threads) {
  return {
    /** The last token of the prompt, whose others are cached, and those that follow. */
    async modelToken(spec) {
      const { complete, logitsOf, dispose } = await open(Wllama, spec, threads);
      const prompt = text([...tokensOf(1, spec.cached, spec.vocabSize), nextToken]);
      await complete(prompt, { max_tokens: 1 });
      const run = async () => {
        const { timings } = await complete(prompt, { max_tokens: tokensInCall });
        if (timings.prompt_n !== 1 || timings.predicted_n !== tokensInCall) throw new Error("evaluated another number of tokens");
      };
      return { calls: tokensInCall, run, output: () => logitsOf(prompt), dispose };
    },

    async modelPrompt(spec) {
      const { complete, logitsOf, dispose } = await open(Wllama, spec, threads);
      const prompt = text(tokensOf(1, spec.tokens, spec.vocabSize));
      const run = async () => {
        const { timings } = await complete(prompt, { max_tokens: 1, cache_prompt: false });
        if (timings.prompt_n !== spec.tokens) throw new Error("evaluated another number of tokens");
      };
      return { run, output: () => logitsOf(prompt), dispose };
    },
  };
}

async function open(Wllama, { file, vocabSize }, threads) {
  const wllama = new Wllama({ default: "/wllama/wasm/wllama.wasm" }, { suppressNativeLog: true });
  const response = await fetch(`/gguf/${file.split(/[/\\]/).at(-1)}`);
  const sizes = { n_ctx: contextSize, n_batch: contextSize, n_ubatch: contextSize };
  await wllama.loadModel([await response.blob()], { ...sizes, n_threads: threads, n_gpu_layers: 0, n_parallel: 1 });
  const complete = (prompt, options) => wllama.createCompletion({ prompt, temperature: 0, ignore_eos: true, ...options });
  const logitsOf = async (prompt) => {
    const { choices } = await complete(prompt, { max_tokens: 1, logprobs: vocabSize });
    const [{ top_logprobs: entries }] = choices[0].logprobs.content;
    return logitsFrom(new Map(entries.map(({ id, logprob }) => [id, logprob])), (logarithm) => logarithm);
  };
  return { complete, logitsOf, dispose: () => wllama.exit() };
}
