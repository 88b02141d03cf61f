import type { HeapArray, Job } from "./step-trace.js";

/** A job of a kernel whose attributes are live, so that its arguments are written again before each repetition. */
export interface RecordedJob extends Job {
  readonly isLive: boolean;
}

interface Upload {
  readonly address: number;
  readonly numbers: HeapArray;
}

/** What one run of a body has done with the heap. */
export class RecordedJobs {
  readonly jobs: RecordedJob[] = [];
  readonly #uploads: Upload[] = [];

  add(job: Job, isLive: boolean): void {
    this.jobs.push({ ...job, words: job.words.slice(), isLive });
  }

  /** Takes note of numbers that are the same at each repetition. */
  upload(address: number, numbers: HeapArray): void {
    this.#uploads.push({ address, numbers: numbers.slice() });
  }

  /** Forgets numbers that are written again before each repetition. */
  forgetUpload(address: number): void {
    const at = this.#uploads.findLastIndex((upload) => upload.address === address);
    if (at >= 0) this.#uploads.splice(at, 1);
  }

  /** Whether another run has done the same, apart from what is live. */
  equals(other: RecordedJobs): boolean {
    return (
      this.jobs.length > 0 &&
      this.jobs.length === other.jobs.length &&
      this.jobs.every((job, index) => isSameJob(job, other.jobs[index]!)) &&
      this.#uploads.length === other.#uploads.length &&
      this.#uploads.every((upload, index) => isSameUpload(upload, other.#uploads[index]!))
    );
  }
}

/** The words of a live job may differ. */
function isSameJob(a: RecordedJob, b: RecordedJob): boolean {
  const isAlike = a.kernel === b.kernel && a.tasks === b.tasks && a.isShared === b.isShared && a.isLive === b.isLive;
  return isAlike && (a.isLive || isSame(a.words, b.words));
}

function isSameUpload(a: Upload, b: Upload): boolean {
  return a.address === b.address && isSame(bytesOf(a.numbers), bytesOf(b.numbers));
}

function isSame(a: Uint8Array | Uint32Array, b: Uint8Array | Uint32Array): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}

function bytesOf({ buffer, byteOffset, byteLength }: HeapArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
