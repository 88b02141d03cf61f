export const usage: string = `Continues a text with a model of a Hugging Face folder, token by token.

Usage: npm run generate -- --model FOLDER --prompt TEXT [options]

  The folder holds config.json, tokenizer.json, and model.safetensors or its shards with their index.
  An encoder-decoder (T5) answers the text instead.

Options:
  --model PATH           the folder, or the .safetensors file or .safetensors.index.json in it
  --prompt TEXT          the text to continue or answer
  --max-new-tokens N     tokens to generate at most, an integer from 1 (default 50)
  --temperature T        0 takes the likeliest token, the default; above it tokens are drawn
  --top-k N              only the N likeliest tokens
  --top-p P              only the likeliest tokens that together have this probability, above 0 to 1
  --min-p P              only tokens at least this share as likely as the likeliest, 0 to 1
  --seed N               of the draws, an integer from 0 (default 0)
  --attention FILE       write the attention of every layer and head, over prompt and output, as JSON
  --threads N            threads to work with, 1 to 64 (default: the processors)
  --json                 text, tokens and timings as JSON on standard output, once all is there
  --help                 this text

Exit codes: 0 done, 1 the model or the prompt cannot be used, 2 wrong options, 130 interrupted.
`;
