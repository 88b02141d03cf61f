import type { Fields } from "./fields.js";
import { lowercase, type Step } from "./step.js";
import { control, ideograph, nonspacingMark, normalForm, over, space } from "./unicode.js";

const controls = over(`[\\0${control}]`);
const spaces = over(space);
const ideographs = over(ideograph);
const accents = over(nonspacingMark);

/** BERT's cleaning: control characters go, spaces become " ", ideographs get spaces around them, then accents and capitals go. */
export function bertNormalizer(fields: Fields): Step[] {
  const cleans = fields.boolean("clean_text");
  const surrounds = fields.boolean("handle_chinese_chars");
  const lowers = fields.boolean("lowercase");
  const strips = fields.raw("strip_accents") === undefined ? lowers : fields.boolean("strip_accents");
  const steps: [boolean, (text: string) => string][] = [
    [cleans, (text) => text.replace(controls, "").replace(spaces, " ")],
    [surrounds, (text) => text.replace(ideographs, " $& ")],
    [strips, (text) => normalForm(text, "NFD").replace(accents, "")],
    [lowers, lowercase],
  ];
  return steps.filter(([isOn]) => isOn).map(([, apply]) => ({ apply }));
}
