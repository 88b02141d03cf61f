import type { Runtime } from "../runtime/runtime.js";
import type { TfjsModule } from "../tfjs/tfjs-module.js";
import type { Job } from "./step-trace.js";

/** Words of a job before its arguments: see runJobs in assembly/pool.ts. */
const headWords = 4;

/** Jobs on the heap, which run one after another in one call. */
export class JobList {
  readonly #runtime: Runtime;
  readonly #module: TfjsModule;
  readonly #count: number;
  readonly #jobWords: number;
  readonly #address: number;

  constructor(runtime: Runtime, module: TfjsModule, jobs: readonly Job[]) {
    [this.#runtime, this.#module] = [runtime, module];
    this.#count = jobs.length;
    this.#jobWords = runtime.jobBytes / 4;
    this.#address = module._malloc(Math.max(1, jobs.length) * runtime.jobBytes);
    for (const [index, { kernel, tasks, isShared, words }] of jobs.entries()) {
      runtime.copy(Uint32Array.of(kernel, tasks, Number(isShared), 0), this.#addressOf(index));
      this.write(index, words);
    }
  }

  /** Writes the arguments of a job. */
  write(job: number, words: Uint32Array): void {
    this.#runtime.copy(words, this.#addressOf(job) + headWords * 4);
  }

  run(): void {
    this.#runtime.runJobs(this.#address, this.#count);
  }

  dispose(): void {
    this.#module._free(this.#address);
  }

  #addressOf(job: number): number {
    return this.#address + job * this.#jobWords * 4;
  }
}
