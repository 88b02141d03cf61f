import { gather, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { type Mask, padding } from "@tfblocks/masks";
import { hold, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";

/** What a decoder attends to: the encoded source and its mask. */
export interface Source {
  /** `[batch, sourceLength, dModel]` */
  readonly memory: Tensor;
  readonly mask: Mask | undefined;
}

/** A source for several decoder rows in succession, for example for beams. */
export class RepeatedSource {
  readonly #source: Source;
  #repeated: Source | undefined;

  /** @param source its memory is owned */
  constructor(source: Source) {
    this.#source = source;
  }

  /** The source with each row so often that there are `batch` rows. @throws ShapeError when that is not a multiple */
  forRows(batch: number): Source {
    const sources = this.#source.memory.shape[0]!;
    if (batch === sources) return this.#source;
    if (batch === 0 || batch % sources !== 0) {
      refuse(ShapeError, "decoderOf", "ids", `a multiple of ${sources} rows, as there are ${sources} sources`, `${batch} rows`);
    }
    if (this.#repeated?.memory.shape[0] !== batch) this.#repeat(batch / sources);
    return this.#repeated!;
  }

  dispose(): void {
    for (const each of [this.#source, this.#repeated]) if (each?.memory.isDisposed === false) each.memory.dispose();
  }

  #repeat(times: number): void {
    const { memory, mask } = this.#source;
    const rows = repeated(
      Array.from({ length: memory.shape[0]! }, (_, row) => row),
      times,
    );
    const repeatedMask = mask && repeatedRows(mask, times);
    this.#repeated?.memory.dispose();
    this.#repeated = { memory: scope(() => hold(gather(memory, tensor1d(rows, "int32")))), mask: repeatedMask };
  }
}

function repeated<Each>(rows: readonly Each[], times: number): Each[] {
  return rows.flatMap((row) => Array.from({ length: times }, () => row));
}

/** @throws ValueError when a mask differs between rows and is not one of padding */
function repeatedRows(mask: Mask, times: number): Mask {
  if (mask.batch === 1) return mask;
  const json = mask.toJSON();
  if (json.type !== "padding") return refuse(ValueError, "decoderOf", "sourceMask", "padding where rows share a source", json.type);
  return "keep" in json ? padding({ keep: repeated(json.keep, times) }) : padding({ lengths: repeated(json.lengths, times) });
}
