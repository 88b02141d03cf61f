import type { Part } from "./part.js";
import { causalPart } from "./parts/causal-part.js";
import { costPart } from "./parts/cost-part.js";
import { crossPart } from "./parts/cross-part.js";
import { diversityPart } from "./parts/diversity-part.js";
import { paddingPart } from "./parts/padding-part.js";
import { scalePart } from "./parts/scale-part.js";
import { selfPart } from "./parts/self-part.js";

/** All parts in the order in which they run. Their names are the values of --part. */
export const allParts: Readonly<Record<string, Part>> = {
  self: selfPart,
  cross: crossPart,
  causal: causalPart,
  padding: paddingPart,
  scale: scalePart,
  diversity: diversityPart,
  cost: costPart,
};
