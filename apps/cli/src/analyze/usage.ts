import { experiments } from "./experiments.js";

const names = experiments.map(({ recipe }) => recipe.name).join(" or ");

export const usage: string = `Shows what the attention heads of a model do on a text, as one HTML file.

Usage: npm run analyze -- --model FOLDER --text TEXT [options]
       npm run analyze -- --recipe NAME [--model FOLDER] [--threads N] [--json]

  The folder is a Hugging Face folder (GPT-2, BERT and its kin, Llama and its kin, T5, …) with config.json, tokenizer.json and
  weights, or the folder of a training.
  The report has the map, the scores and the labels of every head; what each layer would predict; the loss of each token;
  and which heads and layers make the model's prediction. It works without a network.
  With --recipe it prints the experiment of a recipe of npm run train instead, and writes nothing.

Options:
  --model PATH      the folder, or its .safetensors or .safetensors.index.json file; or an https address of either
  --text TEXT       the text
  --against TEXT    a second text: how much the heads' attention changes with it and, if it has as many tokens, how much of the
                    first text's prediction each head brings back when its output is patched into the second
  --answer TEXT     for an encoder-decoder (T5): the output; by default the model answers by itself
  --ablate          also switch off each head in turn and measure the loss
  --out FILE        the file to write (default report.html)
  --recipe NAME     ${names}: print what its experiment measures on the trained model, which is by default in
                    apps/playground/public/models/NAME
  --threads N       number of threads, 1 to 64 (default: number of processors)
  --json            print the report as JSON, without the maps, when done; with --recipe, print JSON instead of tables
  --help            print this help

Exit codes: 0 success, 1 the model or the text cannot be used, 2 invalid options, 130 interrupted.
`;
