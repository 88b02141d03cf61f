export const usage: string = `Generates text with a model from a Hugging Face folder.

Usage: npm run generate -- --model FOLDER --prompt TEXT [options]

  The folder contains config.json, tokenizer.json, and model.safetensors or its shards with their index.
  The folder of an interrupted training has checkpoint.safetensors instead, which is enough.
  A decoder continues the prompt; an encoder-decoder (T5) answers it.

Options:
  --model PATH           the folder, or its .safetensors or .safetensors.index.json file
  --prompt TEXT          the text to continue or answer
  --max-new-tokens N     maximum number of new tokens, an integer >= 1 (default 50)
  --temperature T        0 takes the most likely token (default); tokens are sampled if > 0
  --top-k N              sample only from the N most likely tokens
  --top-p P              sample only from the most likely tokens with total probability P, > 0 and <= 1
  --min-p P              sample only from tokens with at least P times the largest probability, 0 to 1
  --seed N               seed of the sampling, an integer >= 0 (default 0)
  --attention FILE       write the attention of every layer and head as JSON
  --threads N            number of threads, 1 to 64 (default: number of processors)
  --json                 print text, tokens and timings as JSON when done
  --help                 print this help

Exit codes: 0 success, 1 the model or the prompt cannot be used, 2 invalid options, 130 interrupted.
`;
