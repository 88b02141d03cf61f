import { zerosLike } from "@tensorflow/tfjs-core";
import type { Site } from "./sites.js";
import { type Edit, editSite } from "./with-edits.js";

/** Zero ablation: the value of a site is replaced by zeros. */
export function ablate(site: Site): Edit {
  return editSite("ablate", site, (value) => zerosLike(value));
}
