import { type Fields, refusePart } from "./fields.js";
import { literally } from "./matches.js";
import { translate } from "./pattern.js";

/** A pattern of a `tokenizer.json`: `{ "String": … }`, which stands for itself, or `{ "Regex": … }` in the syntax of Oniguruma. */
export function readPattern(fields: Fields, name: string): RegExp {
  const pattern = fields.object(name);
  const text = pattern.optionalString("String");
  const regex = pattern.optionalString("Regex");
  pattern.end();
  if ((text === undefined) === (regex === undefined)) refusePart(pattern.path, "a String or a Regex", pattern.raw("String"));
  return regex === undefined ? literally(text!) : translate(pattern.at("Regex"), regex);
}
