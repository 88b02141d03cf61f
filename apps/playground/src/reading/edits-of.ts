import { mean, sub, type Tensor } from "@tensorflow/tfjs-core";
import {
  ablate,
  type Edit,
  freezeAttention,
  maskAttention,
  meanOf,
  patch,
  record,
  scale,
  type Site,
  steer,
  type WatchedAttention,
  watchAttention,
} from "@tfblocks/analysis/models";
import { and } from "@tfblocks/masks";
import { hold, scope } from "@tfblocks/tensor-utils";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import type { OpenModel } from "../models/opened-model.js";
import type { EditSpec } from "./edit-spec.js";
import { maskOf, paddingOf } from "./mask-of.js";
import { hiddenStates, type ReadTexts, readTexts, tokensOfText, withTensors } from "./model-texts.js";
import { siteOf } from "./part-site.js";
import { ReadingError } from "./reading-error.js";
import type { ReadingInput } from "./reading-input.js";

/** The edits of a model, with the tensors that they need. */
export interface ReadyEdits {
  readonly edits: readonly Edit[];
  /** The runs whose weights replace those of an attention, by its name. */
  readonly frozen: ReadonlyMap<string, WatchedAttention<void>>;
  dispose(): void;
}

/** What edits are made for. */
interface Subject {
  readonly opened: OpenModel;
  readonly answer: string;
  readonly texts: ReadTexts;
  /** How many positions a mask covers. */
  readonly room: number;
  /** Where an edit puts what is freed with it. */
  readonly kept: { dispose(): void }[];
  readonly frozen: Map<string, WatchedAttention<void>>;
}

/**
 * The edits of an input. Values of other texts come from runs of the model without edits.
 *
 * @param texts the tokens of the input
 * @param newTokens how many tokens are written after the text
 * @throws ReadingError when an edit does not fit the model or the text; nothing is left behind
 */
export function editsOf(opened: OpenModel, { answer, edits }: ReadingInput, texts: ReadTexts, newTokens = 0): ReadyEdits {
  const room = tokensOfText(texts).ids.length + newTokens;
  const subject: Subject = { opened, answer, texts, room, kept: [], frozen: new Map() };
  const dispose = (): void => subject.kept.forEach((each) => each.dispose());
  try {
    return { edits: edits.flatMap((spec) => editOf(spec, subject)), frozen: subject.frozen, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function editOf(spec: EditSpec, subject: Subject): readonly Edit[] {
  switch (spec.kind) {
    case "ablate":
      return [ablation(spec, subject)];
    case "scale":
      return [scale(siteOf(subject.opened, spec, lengthAt(subject, spec.part)), spec.factor)];
    case "patch":
      return [patching(spec, subject)];
    case "steer":
      return [steering(spec, subject)];
    case "freeze":
      return [freezing(spec, subject)];
    default:
      return masking(spec, subject);
  }
}

function ablation({ by, ...place }: Extract<EditSpec, { kind: "ablate" }>, subject: Subject): Edit {
  const site = siteOf(subject.opened, place, lengthAt(subject, place.part));
  return by === "zero" ? ablate(site) : ablate(site, meanOf(recorded(subject, place.part, site, subject.texts)));
}

function patching({ from, ...place }: Extract<EditSpec, { kind: "patch" }>, subject: Subject): Edit {
  const texts = otherTexts(subject, from);
  const [length, other] = [lengthAt(subject, place.part), lengthAt({ ...subject, texts }, place.part)];
  if (place.positions === undefined) checkLength(from, other, length);
  siteOf(subject.opened, place, other);
  const site = siteOf(subject.opened, place, length);
  return patch(site, recorded(subject, place.part, site, texts));
}

function steering({ part, toward, away, strength }: Extract<EditSpec, { kind: "steer" }>, subject: Subject): Edit {
  const site = siteOf(subject.opened, { part }, lengthAt(subject, part));
  const meanOn = (text: string): Tensor => mean(recorded(subject, part, site, otherTexts(subject, text)), [0, 1]);
  const vector = scope(() => hold(sub(meanOn(toward), meanOn(away)))); // [columns]
  subject.kept.push(vector);
  return steer(site, vector, { strength });
}

function freezing({ part, from }: Extract<EditSpec, { kind: "freeze" }>, subject: Subject): Edit {
  if (!subject.opened.info.stacks.some(({ parts }) => parts.includes(part))) {
    throw new ReadingError("edits", `A change is of the attention “${part}”, which this model does not have.`);
  }
  const texts = otherTexts(subject, from);
  checkLength(from, tokensOfText(texts).ids.length, tokensOfText(subject.texts).ids.length);
  const watched = withTensors(texts, (tensors) =>
    watchAttention<LanguageModel | EncoderDecoder, void>(subject.opened.model, (model) => void hiddenStates(model, tensors), {
      attention: part,
    }),
  );
  subject.kept.push(watched);
  subject.frozen.set(part, watched);
  const weights = watched.weights(part);
  subject.kept.push(weights);
  return freezeAttention(part, weights);
}

/** The self-attention of the text gets the mask; what else attends to the text does not see its padding. */
function masking({ mask: spec }: Extract<EditSpec, { kind: "mask" }>, { opened, texts, room }: Subject): Edit[] {
  const length = tokensOfText(texts).ids.length;
  const mask = maskOf(spec, length, room);
  const partsOf = (kind: string): readonly string[] => opened.info.stacks.find((stack) => stack.kind === kind)?.parts ?? [];
  const own = [...partsOf("self"), ...partsOf("encoder")].map((part) => maskAttention(part, mask));
  if (spec.padding === 0) return own;
  const visible = paddingOf(spec.padding, length, room);
  const cross = partsOf("cross").map((part) =>
    maskAttention(part, (given) => (given === undefined ? visible : and(given as never, visible))),
  );
  return [...own, ...cross];
}

function otherTexts({ opened, answer }: Subject, text: string): ReadTexts {
  try {
    return readTexts(opened, { text, answer });
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error;
    throw new ReadingError("edits", `The other text of a change cannot be read: ${error.message}`);
  }
}

function checkLength(from: string, other: number, length: number): void {
  if (other === length) return;
  const sentence = `“${from}” has ${other} tokens and your text has ${length}. They must have the same number, so that each token has a partner.`;
  throw new ReadingError("edits", sentence);
}

/** How many tokens a part reads. */
function lengthAt({ texts }: Pick<Subject, "texts">, part: string): number {
  return (part.startsWith("encoder.") ? tokensOfText(texts) : texts.text).ids.length;
}

/** The value of a site in a run of the model without edits; freed with the edits. */
function recorded({ opened, kept }: Subject, part: string, site: Site, texts: ReadTexts): Tensor {
  const recording = withTensors(texts, (tensors) =>
    record<LanguageModel | EncoderDecoder, void, "site">(opened.model, { site }, (model) => void hiddenStates(model, tensors)),
  );
  kept.push(recording);
  const [value] = Object.values(recording.values.site);
  return value!;
}
