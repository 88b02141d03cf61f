import { ablate, ablateSet, type HeadEdit, type HeadName, headsIn, headsOf, meanOf, record, tokenLosses } from "@tfblocks/analysis/models";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { OnProgress } from "../../../reading/follow.js";
import { hiddenStates } from "../../../reading/model-texts.js";
import type { Run } from "../../../reading/run.js";
import type { AblatedSet } from "./ablated-set.js";
import type { RandomHeads } from "./random-heads.js";

type Model = LanguageModel | EncoderDecoder;

/** How many sets of other heads are switched off. */
const draws = 8;

/** What switching off as many other heads does to the loss. @param run without edits */
export async function readRandomHeads(run: Run, { heads, by }: AblatedSet, onProgress: OnProgress): Promise<RandomHeads> {
  const { ids, source } = run.tensors;
  const loss = (model: Model) => tokenLosses(model, ids, source && { source });
  const { edit, dispose } = by === "zero" ? zeros : means(run);
  try {
    const { drawnFrom, randomSets, randomHeads } = await ablateSet<Model>(run.model, heads, loss, { edit, draws, onProgress });
    return { heads: heads.length, drawnFrom, isAll: randomSets.length < draws, changes: randomHeads };
  } finally {
    dispose();
  }
}

/** How heads are switched off, and what frees the values for it. */
interface HeadEdits {
  readonly edit: HeadEdit;
  readonly dispose: () => void;
}

const zeros: HeadEdits = { edit: (site) => ablate(site), dispose: () => {} };

/** By the mean over the text of each head. */
function means({ model, tensors }: Run): HeadEdits {
  const nameOf = ({ attention, head }: HeadName): string => `${attention} ${head}`;
  const sites = Object.fromEntries(headsIn(model).map((each) => [nameOf(each), headsOf(each.attention, each.head)]));
  const recording = record(model, sites, (watched) => void hiddenStates(watched, tensors));
  return { edit: (site, head) => ablate(site, meanOf(recording.values[nameOf(head)]!)), dispose: () => recording.dispose() };
}
