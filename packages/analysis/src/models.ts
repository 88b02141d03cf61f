export { ablate } from "./edits/ablate.js";
export {
  atPositions,
  type Columns,
  headsOf,
  type Indices,
  inputOf,
  keysOf,
  neuronsOf,
  outputOf,
  queriesOf,
  type Site,
  valuesOf,
} from "./edits/sites.js";
export { type Edit, editSite, withEdits } from "./edits/with-edits.js";
export { type AttentionPart, attentionsOf } from "./models/attentions.js";
export { record, type Recording, type SiteValues } from "./watching/record.js";
