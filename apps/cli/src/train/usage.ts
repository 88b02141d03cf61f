import { recipes } from "@tfblocks/zoo";

const width = Math.max(...recipes.map(({ name }) => name.length));
const list = recipes.map(({ name, title, steps }) => `  ${name.padEnd(width)}  ${title.toLowerCase()} (${steps} steps)`).join("\n");

export const usage: string = `Trains a small model from its recipe, and saves it as a Hugging Face folder.

Usage: npm run train -- RECIPE [options]

Recipes:
${list}

Options:
  --steps N      steps to train for, an integer from 1 (default: the recipe's)
  --seed N       of first parameters and data, an integer from 0 (default 0)
  --out FOLDER   where the model goes (default apps/playground/public/models/RECIPE)
  --resume       go on where an interrupted training stopped
  --restart      begin anew where one was interrupted
  --threads N    threads to work with, 1 to 64 (default: the processors); the model is the same for any number
  --json         the training log on standard output, instead of a table
  --help         this text

The folder gets config.json, model.safetensors, tokenizer.json and training-log.json. While training it holds
checkpoint.safetensors: Ctrl-C stops after the step that is being taken, and --resume goes on bit for bit.
Exit codes: 0 all targets met, 1 not met or training failed, 2 wrong options, 130 interrupted.
`;
