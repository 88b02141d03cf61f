import { maxCharacters, maxTokens } from "@tfblocks/lesson";

/** Where no text is given. */
export const defaultText = "The animal didn't cross the street because it was too tired";
/** What cross-attention looks at where no --with is given: the same in German. */
export const defaultWith = "Das Tier überquerte die Straße nicht, weil es zu müde war";

export const usage: string = `Multi-head attention explained with the numbers of your own text.

Usage: npm run demo -- [options] ["a text"]

  The text may also come through a pipe. Without one: "${defaultText}".
  At most ${maxCharacters} characters and ${maxTokens} tokens.

Options:
  --part NAME    only this part; may be repeated, or a list as self,scale:
                 self       shapes, one token's query, key and value, heat maps
                 cross      queries from your text, keys and values from another
                 causal     no token sees later ones; decoding with a cache
                 padding    sentences of different lengths in one batch
                 scale      why scores are divided by sqrt(d_k)
                 diversity  how the heads differ
                 cost       time and memory against the length
  --with TEXT    the other text of cross (default: German for the default text)
  --heads N      number of heads, a divisor of --dim, 1 to 64 (default 4)
  --dim N        width of a token's vector, 2 to 512 (default 64)
  --seed N       of embeddings and weights, an integer from 0 (default 0)
  --json         everything as JSON on standard output
  --help         this text

Environment: NO_COLOR=1 leaves colours out, FORCE_COLOR=1 keeps them in a pipe.
Exit codes: 0 all checks hold, 1 a check failed or the text cannot be used, 2 wrong options.
`;
