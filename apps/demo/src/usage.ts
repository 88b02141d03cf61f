import { maxCharacters, maxTokens } from "@tfblocks/lesson";

/** The text if none is given. */
export const defaultText = "The animal didn't cross the street because it was too tired";
/** The default of --with: the default text in German. */
export const defaultWith = "Das Tier überquerte die Straße nicht, weil es zu müde war";

export const usage: string = `Explains multi-head attention with the numbers of your own text.

Usage: npm run demo -- [options] ["text"]

  The text can also come from a pipe. Default: "${defaultText}".
  At most ${maxCharacters} characters and ${maxTokens} tokens.

Options:
  --part NAME    run only this part; can be repeated or a list, for example self,scale:
                 self       shapes; query, key and value of one token; heat maps
                 cross      queries from your text, keys and values from another one
                 causal     tokens attend only to earlier ones; decoding with a cache
                 padding    sentences of different lengths in one batch
                 scale      why scores are divided by sqrt(d_k)
                 diversity  how the heads differ
                 cost       time and memory by length
  --with TEXT    the other text for cross (default: the default text in German)
  --heads N      number of heads, a divisor of --dim, 1 to 64 (default 4)
  --dim N        width of the token vectors, 2 to 512 (default 64)
  --seed N       seed of embeddings and weights, an integer >= 0 (default 0)
  --json         print all results as JSON
  --help         print this help

Environment: NO_COLOR=1 disables colours, FORCE_COLOR=1 enables them in a pipe.
Exit codes: 0 all checks passed, 1 a check failed or the text cannot be used, 2 invalid options.
`;
