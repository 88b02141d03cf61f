export const usage: string = `Generates text with a model from a Hugging Face folder.

Usage: npm run generate -- --model FOLDER --prompt TEXT [options]
       npm run generate -- --model FOLDER --chat [--prompt TEXT] [options]

  The folder contains config.json, tokenizer.json, and model.safetensors or its shards with their index. If it has a
  generation_config.json, its values are the defaults of the options below.
  The folder of an interrupted training has checkpoint.safetensors instead of the weights, which is enough.
  A decoder continues the prompt; an encoder-decoder (T5) answers it.

Options:
  --model PATH             the folder, or its .safetensors or .safetensors.index.json file;
                           or an https address of either
  --prompt TEXT            the text to continue or answer
  --chat                   the prompt is a message, written by the chat template of the model; without --prompt, each
                           line of standard input is one, each answered in turn
  --system TEXT            with --chat: what the model is told first
  --max-new-tokens N       maximum number of new tokens, an integer >= 1 (default 50)
  --min-new-tokens N       minimum number of new tokens before the model may stop
  --stop TEXT              a text that ends the output; may be given several times
  --temperature T          0 takes the most likely token (default); tokens are sampled if > 0
  --top-k N                sample only from the N most likely tokens
  --top-p P                sample only from the most likely tokens with total probability P, > 0 and <= 1
  --min-p P                sample only from tokens with at least P times the largest probability, 0 to 1
  --seed N                 seed of the sampling, an integer >= 0 (default 0)
  --repetition-penalty X   make tokens of prompt and output less likely if > 1
  --presence-penalty X     subtract X from the logits of tokens of the output
  --frequency-penalty X    subtract X for each time that a token is in the output
  --no-repeat-ngram N      no N tokens in a row occur twice
  --beams N                search with N beams; prints the likeliest text when done
  --length-penalty X       with beams: > 0 favours long texts, < 0 short ones (default 1)
  --log-probs N            with --json: log-probabilities of the tokens and of the N most likely ones
  --cache FILE             keep what was computed for the prompt and the output, and use it for a prompt that begins alike
  --ignore-generation-config   do not read generation_config.json
  --attention FILE         write the attention of every layer and head as JSON
  --threads N              number of threads, 1 to 64 (default: number of processors)
  --json                   print text, tokens and timings as JSON when done
  --help                   print this help

Exit codes: 0 success, 1 the model or the prompt cannot be used, 2 invalid options, 130 interrupted.
`;
