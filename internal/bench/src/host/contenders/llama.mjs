import { logitsFrom } from "../logits.mjs";
import { contextSize, nextToken, tokensOf } from "../tokens.mjs";

/** llama.cpp by node-llama-cpp, from a file of the model. */
export async function llamaContender({ getLlama }, threads) {
  const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, maxThreads: threads, logLevel: "error" });

  return {
    async modelToken(spec) {
      const { sequence, dispose } = await open(llama, spec, threads);
      const start = Array.from(tokensOf(1, spec.cached, spec.vocabSize));
      const reset = async () => {
        await sequence.clearHistory();
        await sequence.evaluateWithoutGeneratingNewTokens(start);
      };
      const run = async () => {
        if (sequence.nextTokenIndex === contextSize) await reset(); // while warming up
        await logitsAfter(sequence, [nextToken], greedy);
      };
      const output = async () => {
        await reset();
        return logits(await logitsAfter(sequence, [nextToken], all));
      };
      await reset();
      return { run, reset, output, dispose };
    },

    async modelPrompt(spec) {
      const { sequence, dispose } = await open(llama, spec, threads);
      const prompt = Array.from(tokensOf(1, spec.tokens, spec.vocabSize));
      const evaluate = async (options) => {
        await sequence.clearHistory();
        return logitsAfter(sequence, prompt, options);
      };
      return { run: () => evaluate(greedy), output: async () => logits(await evaluate(all)), dispose };
    },
  };
}

/** The whole prompt is one batch. */
async function open(llama, { file }, threads) {
  const model = await llama.loadModel({ modelPath: file, gpuLayers: 0 });
  const context = await model.createContext({ contextSize, batchSize: contextSize, threads });
  return { sequence: context.getSequence(), dispose: () => model.dispose() };
}

const greedy = { token: true, options: { temperature: 0 } };
const all = { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } };

/** Evaluates tokens; computes the logits of the last one alone, and draws from them. */
async function logitsAfter(sequence, tokens, generateNext) {
  const results = await sequence.controlledEvaluate([...tokens.slice(0, -1), [tokens.at(-1), { generateNext }]]);
  return results.at(-1).next;
}

const logits = ({ probabilities }) => logitsFrom(probabilities, Math.log);
