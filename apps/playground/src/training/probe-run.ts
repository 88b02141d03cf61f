import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import {
  confidence,
  entropy,
  firstTokenMass,
  headScores,
  isDelimiterText,
  labelHeads,
  normalizedEntropy,
  type ScoresByMetric,
} from "@tfblocks/analysis";
import { TrainingTrack } from "@tfblocks/analysis/models";
import { EncoderDecoder } from "@tfblocks/transformer";
import type { ZooModel } from "@tfblocks/zoo";
import type { AttentionKind } from "../models/model-info.js";
import type { HeadFindings } from "../reading/readings.js";
import type { AttentionRecord, TrackedAttention } from "./run-record.js";
import type { PlanTokenizer, TrainingPlan } from "./training-plan.js";

/** Number of texts that the scores are measured on, of which the first one is shown. */
const sequences = 8;
const longest = 32;
const startToken = 0;
const noLabel = -100;

/** Token ids of one or more texts of the same length. */
type Rows = readonly (readonly number[])[];

/** The texts of the probe: what the model reads, and the output of an encoder-decoder. */
interface ProbeTexts {
  readonly source: Rows;
  readonly target: Rows;
}

/** Measures the heads of a model on the same held-out texts at every step. */
export class RunProbe {
  readonly #texts: ProbeTexts;
  readonly #tokenizer: PlanTokenizer;
  readonly #track: TrainingTrack<ZooModel>;
  #scores = new Map<string, ScoresByMetric>();

  constructor(plan: TrainingPlan, texts: ProbeTexts) {
    this.#texts = texts;
    this.#tokenizer = plan.tokenizer;
    this.#track = new TrainingTrack<ZooModel>({
      ids: texts.source,
      run: (model, ids) => (model instanceof EncoderDecoder ? decode(model, ids, texts.target) : model.hidden(ids)),
      scores: (maps, name) => {
        const scores = isCross(name)
          ? {
              firstTokenMass: firstTokenMass(maps),
              entropy: entropy(maps),
              normalizedEntropy: normalizedEntropy(maps),
              confidence: confidence(maps),
            }
          : headScores(maps, this.#contextOf(name));
        this.#scores.set(name, scores);
        return scores;
      },
    });
  }

  /** The attentions of the model on the first text; known after the first record. */
  get attentions(): readonly TrackedAttention[] {
    const [step] = this.#track.steps;
    return this.#track.attentions.map((name) => {
      const { heads, queryLength, keyLength, allowed } = this.#track.mapsAt(step!, name);
      const [rows, columns] = [this.#rowsOf(name)[0]!, this.#columnsOf(name)[0]!];
      return {
        ...placeOf(name),
        heads,
        rowTokens: this.#tokenizer.texts(rows),
        columnTokens: this.#tokenizer.texts(columns),
        allowed: Uint8Array.from(allowed.data.subarray(0, queryLength * keyLength)),
      };
    });
  }

  /** @throws ValueError when the step is not above the last one */
  async record(step: number, model: ZooModel): Promise<readonly AttentionRecord[]> {
    await this.#track.record(step, model);
    return this.#track.attentions.map((name) => {
      const { heads, queryLength, keyLength, weights } = this.#track.mapsAt(step, name);
      const scores = this.#scores.get(name)!;
      return {
        weights: Float32Array.from({ length: heads * queryLength * keyLength }, (_, at) => weights[at]!),
        heads: this.#findings(name, scores, heads),
      };
    });
  }

  /** The scores of each head, and its labels; no rule of the labels is about cross-attention. */
  #findings(name: string, scores: ScoresByMetric, heads: number): HeadFindings[] {
    const labelled = isCross(name) ? undefined : labelHeads(scores, { ...this.#contextOf(name), evidenceRows: 0 }).perHead;
    return Array.from({ length: heads }, (_, head) => ({
      head,
      metrics: Object.entries(scores).map(([metric, { perHead }]) => {
        const { score, nullScore, lift } = perHead[head]!;
        return { name: metric, score, nullScore, lift };
      }),
      labels: (labelled?.[head]!.labels ?? []).map(({ label, score, nullScore, threshold, rule }) => {
        return { label, score, nullScore, threshold, evidence: rule };
      }),
    }));
  }

  #contextOf(name: string) {
    const ids = this.#columnsOf(name);
    const tokens = ids.map((row) => this.#tokenizer.texts(row));
    return { ids, isDelimiter: (key: number, batch: number) => isDelimiterText(tokens[batch]![key]!) };
  }

  #rowsOf(name: string): Rows {
    return name.startsWith("decoder.") ? this.#texts.target : this.#texts.source;
  }

  #columnsOf(name: string): Rows {
    return isCross(name) ? this.#texts.source : this.#rowsOf(name);
  }
}

/** The probe of a plan: its example, and held-out examples that are at least as long. */
export async function probeOf(plan: TrainingPlan): Promise<RunProbe> {
  const { probe, tokenizer } = plan;
  const first = tokenizer.encode(probe.text).slice(0, longest);
  const target = [[startToken, ...tokenizer.encode(probe.answer ?? "")]];
  if (probe.answer !== undefined) return new RunProbe(plan, { source: [first], target });
  return new RunProbe(plan, { source: [first, ...(await heldOutRows(plan, first.length))], target: [] });
}

/** Beginnings of held-out examples. Shorter ones are padded, which the labels show, and are left out. */
async function heldOutRows(plan: TrainingPlan, length: number): Promise<number[][]> {
  const { ids, labels } = plan.heldOutBatch({ count: 4 * sequences, seed: 2 });
  try {
    const [rows, next] = [(await ids.array()) as number[][], (await labels.array()) as number[][]];
    const isLong = (_: unknown, row: number): boolean => (next[row]![length - 1] ?? noLabel) !== noLabel;
    return rows
      .filter(isLong)
      .slice(0, sequences - 1)
      .map((row) => row.slice(0, length));
  } finally {
    ids.dispose();
    labels.dispose();
  }
}

function decode(model: EncoderDecoder, ids: Tensor, target: Rows): unknown {
  return model.apply(
    ids,
    tensor2d(
      target.map((row) => [...row]),
      [target.length, target[0]!.length],
      "int32",
    ),
  );
}

/** The kind and the layer of an attention, of its dotted name. */
function placeOf(name: string): { readonly kind: AttentionKind; readonly layer: number } {
  const [, stack, layer] = /^(?:(encoder|decoder)\.)?layers\.(\d+)\./.exec(name)!;
  return { kind: isCross(name) ? "cross" : ((stack ?? "self") as AttentionKind), layer: Number(layer) };
}

function isCross(name: string): boolean {
  return name.endsWith("crossAttention");
}
