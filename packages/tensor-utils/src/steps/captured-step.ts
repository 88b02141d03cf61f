import { engine, keep, type KernelBackend, type Tensor } from "@tensorflow/tfjs-core";
import { scope } from "../scope.js";
import { activeRecorder } from "./live.js";
import { emptyRecording, type RecordedStep } from "./step-recorder.js";

/**
 * A computation that is run many times with the same shapes, such as the next token of a text. The first run is a plain one. The second
 * and the third are recorded as they run, and if their kernels are the same, later runs only run these kernels, one after another, without
 * the bookkeeping between them. Every run gives the same bits as a plain one.
 *
 * What changes from run to run has to be live: `liveTensor` for numbers, `Live` attributes of kernels. A body that reads numbers back,
 * runs a kernel without a recording, or makes other shapes runs plainly each time; `refusal` says why. So it is on backends
 * that record nothing.
 *
 * @example
 * ```ts
 * import { setupWasm } from "@tfblocks/wasm";
 * import { Linear } from "@tfblocks/tensor-utils";
 * import { CapturedStep, liveTensor } from "@tfblocks/tensor-utils/steps";
 *
 * await setupWasm();
 * const map = new Linear({ inFeatures: 2, outFeatures: 3 });
 * const x = new Float32Array(2);
 * const step = new CapturedStep(() => map.apply(liveTensor(() => x, [1, 2])));
 * for (let run = 0; run < 5; run++) {
 *   x.set([run, 1]);
 *   console.log(step.run().dataSync().length); // 3
 * }
 * step.dispose();
 * ```
 */
export class CapturedStep {
  readonly #body: () => Tensor;
  #backend: KernelBackend | undefined;
  #recorded: RecordedStep | undefined;
  #plain: Tensor | undefined;
  #refusal: string | undefined;

  /** @param body computes one tensor */
  constructor(body: () => Tensor) {
    this.#body = body;
  }

  /** Why every run is a plain one; undefined while none is refused. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Whether the last run only ran recorded kernels. */
  get isRepeated(): boolean {
    return this.#plain === undefined && this.#recorded?.isRepeated === true;
  }

  /**
   * The result of the body. It belongs to the step: read or copy it before the next run.
   *
   * @throws what the body throws
   */
  run(): Tensor {
    this.#forgetPlain();
    const { backend } = engine();
    if (this.#backend !== backend) return this.#start(backend);
    if (this.#refusal !== undefined || activeRecorder() !== undefined || engine().isTapeOn()) return this.#runPlainly();
    this.#recorded ??= emptyRecording(backend);
    if (this.#recorded === undefined) this.#refusal = "the backend records no steps";
    else if (this.#recorded.refusal !== undefined) this.#refuse(this.#recorded.refusal);
    return this.#recorded === undefined ? this.#runPlainly() : this.#runRecorded(this.#recorded);
  }

  /** Frees what the step holds. It can be run again. */
  dispose(): void {
    this.#forgetPlain();
    this.#forgetRecorded();
  }

  /** The first run makes what later ones share, such as caches with room. */
  #start(backend: KernelBackend): Tensor {
    this.#forgetRecorded();
    const result = this.#runPlainly();
    [this.#backend, this.#refusal] = [backend, undefined];
    return result;
  }

  #runRecorded(recorded: RecordedStep): Tensor {
    try {
      return recorded.run(this.#body);
    } catch (error) {
      this.#forgetRecorded();
      throw error;
    }
  }

  #refuse(reason: string): void {
    this.#forgetRecorded();
    this.#refusal = reason;
  }

  #runPlainly(): Tensor {
    this.#plain = keep(scope(this.#body));
    return this.#plain;
  }

  #forgetPlain(): void {
    this.#plain?.dispose();
    this.#plain = undefined;
  }

  #forgetRecorded(): void {
    this.#recorded?.dispose();
    this.#recorded = undefined;
  }
}
