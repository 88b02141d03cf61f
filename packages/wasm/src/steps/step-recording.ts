import { keep, type Tensor, type TensorInfo } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import { recordedBy, type RecordedStep, type StepRecorder } from "@tfblocks/tensor-utils/steps";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { Runtime } from "../runtime/runtime.js";
import { JobList } from "./job-list.js";
import { LiveKernel } from "./live-kernel.js";
import { RecordedJobs } from "./recorded-jobs.js";
import { StepMemory } from "./step-memory.js";
import type { HeapArray, Job, StepTrace } from "./step-trace.js";
import { type HeapListener, TfjsHeap } from "./tfjs-heap.js";

/** Recordings without a repetition between them, after which the body counts as one that changes. */
const mostRecordings = 5;
/** Recordings in succession that were refused. One may be the exception: a cache that grows. */
const mostRefusals = 2;
/** Room for a later run that needs more, the same for runs in succession: a power of two. */
const roomFor = (bytes: number): number => 2 ** Math.max(13, Math.ceil(Math.log2(2 * bytes)));
/** What gives the attributes of a call again. */
const liveAttrs = Symbol("liveAttrs");
type LiveAttrs = { readonly [liveAttrs]?: () => object };

/**
 * The kernels that a body runs, with their arguments and their memory, which no other computation uses. Two runs in succession are
 * compared; when they have done the same, apart from what is live, the jobs are repeated from a list on the heap.
 */
export class StepRecording implements RecordedStep, StepRecorder, StepTrace {
  readonly #runtime: Runtime;
  readonly #heap: TfjsHeap;
  readonly #memory: StepMemory;
  #jobs = new RecordedJobs();
  #list: JobList | undefined;
  #output: Tensor | undefined;
  #live: LiveKernel | undefined;
  /** What is done before and after each repetition. */
  #before: (() => void)[] = [];
  #after: (() => void)[] = [];
  #isEvaluating = false;
  #isRepeated = false;
  #recordings = 0;
  #refusal: string | undefined;
  #refusals = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#heap = new TfjsHeap(runtime.backend);
    this.#memory = new StepMemory(this.#heap);
  }

  get refusal(): string | undefined {
    if (this.#refusals === mostRefusals) return this.#refusal;
    return this.#recordings > mostRecordings ? "its kernels change from run to run" : undefined;
  }

  get isRepeated(): boolean {
    return this.#isRepeated;
  }

  run(body: () => Tensor): Tensor {
    const isRecorded = this.#list !== undefined;
    this.#isRepeated = isRecorded && this.#prepare();
    if (this.#isRepeated) this.#repeat();
    else if (isRecorded) this.#runPlainly(body);
    else this.#record(body);
    return this.#output!;
  }

  dispose(): void {
    this.#forget();
    this.#memory.dispose();
  }

  // What the body tells

  evaluate<Result>(live: () => Result): Result {
    this.#isEvaluating = true;
    try {
      return live();
    } finally {
      this.#isEvaluating = false;
    }
  }

  rewrite(target: Tensor, read: () => Float32Array | Int32Array): void {
    const address = this.#heap.addressOf(target.dataId)!;
    this.#jobs.forgetUpload(address);
    this.#memory.keep(target);
    this.#before.push(() => this.#runtime.copy(alike(read(), target), address));
  }

  beforeEach(check: () => void): void {
    this.evaluate(check);
    this.#before.push(check);
  }

  afterEach(effect: () => void): void {
    this.#after.push(effect);
  }

  liveAttrs<Attrs extends object>(read: () => Attrs): Attrs {
    const attrs: Attrs & LiveAttrs = { ...this.evaluate(read), [liveAttrs]: read };
    return attrs;
  }

  refuse(reason: string): void {
    this.#refusal ??= reason;
  }

  // What its kernels ask

  kernel<Result>({ run }: FastKernel, { inputs, attrs }: KernelCall<never>, runNow: () => Result): Result {
    const read = (attrs as LiveAttrs | undefined)?.[liveAttrs];
    if (read === undefined) return runNow();
    const runtime = this.#runtime;
    const live = new LiveKernel(
      { address: (tensor) => this.address(tensor), write: (job, words) => this.#list!.write(job, words) },
      this.#jobs.jobs.length,
    );
    const runAgain = () => run({ runtime, inputs, attrs: read() as never, stock: noStock });
    this.#before.push(() => live.prepare(() => runtime.traced(live, runAgain)));
    this.#live = live;
    try {
      return runNow();
    } finally {
      this.#live = undefined;
    }
  }

  address(tensor: TensorInfo): number {
    return this.#memory.address(tensor);
  }

  output(shape: readonly number[], dtype: TensorInfo["dtype"]): TensorInfo {
    const made = this.#memory.output(shape, dtype);
    this.#live?.addOutput(made);
    return made;
  }

  scratch(bytes: number): number {
    const room = this.#live === undefined ? bytes : roomFor(bytes);
    const address = this.#memory.allocate(room);
    this.#live?.addScratch(address, room);
    return address;
  }

  derived(from: TensorInfo): Map<string, number> {
    return this.#live === undefined ? this.#memory.derived(from) : new Map();
  }

  changed(tensor: TensorInfo): void {
    this.#memory.derived(tensor).clear();
  }

  uploaded(address: number, numbers: HeapArray): void {
    if (this.#live === undefined) this.#jobs.upload(address, numbers);
  }

  job(job: Job): boolean {
    this.#jobs.add(job, this.#live !== undefined);
    this.#live?.addJob(job);
    return true;
  }

  // What tfjs does with its heap

  readonly #listener: HeapListener = {
    allocate: (bytes, otherwise) => {
      const address = this.#memory.tryToAllocate(bytes);
      if (address === undefined) this.refuse("there is no memory to record it");
      return address ?? otherwise(bytes);
    },
    uploaded: (dataId, address, numbers) => {
      this.#memory.noteUpload(dataId);
      this.#jobs.upload(address, numbers);
    },
    reading: (dataId) => {
      if (!this.#isEvaluating) this.refuse("it reads the numbers of a tensor");
      if (this.#memory.isComputed(dataId)) this.refuse("what is live reads numbers that the step computes");
    },
    foreign: () => this.refuse("it runs a kernel of tfjs"),
  };

  /** A run that does something else than the recorded one, such as making room, which later runs do not. */
  #runPlainly(body: () => Tensor): void {
    this.#forget();
    this.#output = keep(scope(body));
  }

  #record(body: () => Tensor): void {
    this.#recordings++;
    const before = this.#jobs;
    this.#forget();
    this.#refusal = undefined;
    const isOwn = this.#runRecorded(body);
    this.#refusals = this.#refusal === undefined ? 0 : this.#refusals + 1;
    if (!isOwn) this.#jobs = new RecordedJobs();
    const isSame = this.#refusal === undefined && this.#jobs.equals(before);
    if (isSame) this.#list = new JobList(this.#runtime, this.#heap.module, this.#jobs.jobs);
  }

  /** Returns whether nothing but the output outlives the body. */
  #runRecorded(body: () => Tensor): boolean {
    let moved = 0;
    const run = () => recordedBy(this, () => keep(scope(body)));
    try {
      this.#output = this.#heap.listened(this.#listener, () => this.#runtime.traced(this, run));
    } finally {
      moved = this.#memory.moveOut(this.#output);
    }
    return moved === 0;
  }

  /** Brings everything up to date; returns false where a plain run would do something else. */
  #prepare(): boolean {
    if (!this.#memory.isStanding()) return false;
    try {
      for (const prepare of this.#before) prepare();
      return true;
    } catch {
      return false; // the plain run tells what is wrong
    }
  }

  #repeat(): void {
    this.#recordings = 0;
    this.#list!.run();
    for (const effect of this.#after) effect();
  }

  #forget(): void {
    this.#output?.dispose();
    this.#list?.dispose();
    this.#memory.clear();
    [this.#list, this.#output, this.#jobs] = [undefined, undefined, new RecordedJobs()];
    [this.#before, this.#after] = [[], []];
  }
}

/** Numbers as many, and of the same type, as those of a tensor. @throws Error when they are not */
function alike(numbers: Float32Array | Int32Array, { size, dtype }: Tensor): Float32Array | Int32Array {
  const isAlike = numbers.length === size && numbers instanceof Int32Array === (dtype === "int32");
  if (!isAlike) throw new Error("a live tensor has other numbers than recorded");
  return numbers;
}

/** @throws Error: a kernel of tfjs would run instead of being prepared */
function noStock(): never {
  throw new Error("the kernel would not do what was recorded");
}
