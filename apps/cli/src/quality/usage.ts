import { recipes } from "@tfblocks/zoo";

export const usage: string = `Shows what weights of 8 and 4 bits cost in quality.

Usage: npm run quality -- [RECIPE …] [options]

  For each trained model of the zoo (${recipes.map(({ name }) => name).join(", ")}; by default all) and for 32, 8 and 4 bits it prints
  the size of the weights, the loss on held-out examples, and how many of the likeliest tokens are those of 32 bits.
  With --encoder it prints instead how similar the vectors of sentences are to those of 32 bits.

Options:
  --encoder PATH    the folder of a sentence encoder, such as a BERT, with its tokenizer; or an https address
  --group N         inputs that share a scale: 16, 32, 64 or 128 (default 32)
  --threads N       number of threads, 1 to 64 (default: number of processors)
  --json            print JSON instead of tables
  --help            print this help

Exit codes: 0 success, 1 a model cannot be used, 2 invalid options, 130 interrupted.
`;
