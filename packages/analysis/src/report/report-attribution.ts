import type { ReportAttribution } from "../pictures/report/report.js";
import { attributeLogits } from "../stream/attribute-logits.js";
import type { Subject } from "./subject.js";

/** What the logit of a token after the last one is the sum of. */
export async function reportAttribution(subject: Subject, token: number, textOf: (id: number) => string): Promise<ReportAttribution> {
  const [attribution] = await attributeLogits(subject.model, subject.ids, { ...subject.options, token });
  const components = attribution!.components.map(({ name, value }) => ({ name, value }));
  return { target: `the logit of ${JSON.stringify(textOf(token))} after the last token`, logit: attribution!.logit, components };
}
