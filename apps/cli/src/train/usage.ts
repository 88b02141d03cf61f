import { recipes } from "@tfblocks/zoo";

const width = Math.max(...recipes.map(({ name }) => name.length));
const list = recipes.map(({ name, title, steps }) => `  ${name.padEnd(width)}  ${title.toLowerCase()} (${steps} steps)`).join("\n");

export const usage: string = `Trains a small model from a recipe and saves it as a Hugging Face folder.

Usage: npm run train -- RECIPE [options]

Recipes:
${list}

Options:
  --steps N      number of steps, an integer >= 1 (default: that of the recipe)
  --seed N       seed of the initial weights and the data, an integer >= 0 (default 0)
  --out FOLDER   folder of the model (default apps/playground/public/models/RECIPE)
  --resume       continue an interrupted training
  --restart      discard the checkpoint of an interrupted training
  --threads N    number of threads, 1 to 64 (default: number of processors); does not change the result
  --json         print the training log as JSON instead of a table
  --help         print this help

The command writes config.json, model.safetensors, tokenizer.json and training-log.json to the folder. Ctrl-C stops after
the current step and saves checkpoint.safetensors, from which --resume continues with the same result.
Exit codes: 0 all targets met, 1 targets not met or training failed, 2 invalid options, 130 interrupted.
`;
