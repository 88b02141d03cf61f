import { peakHeap } from "./heap.mjs";
import { peaksOf, preparePeak } from "./peaks.mjs";
import { summary } from "./summary.mjs";
import { timeCalls, warmUp } from "./time-calls.mjs";

/**
 * The side of the bench that computes, in one process or page: it holds every contender of that runtime, and does what
 * the side that drives it asks, one request at a time.
 *
 * @param platform `{ name, load(library), startWorker(source), hideWorker?, wasmPaths? }`
 * @param openContenders gives the contenders of that runtime: `openContenders` or `openNative`
 */
export const createHost = (platform, openContenders) => new Host(platform, openContenders);

class Host {
  #platform;
  #openContenders;
  #prepared = new Map();
  #contenders;
  #threads;
  #peaks;

  constructor(platform, openContenders) {
    this.#platform = platform;
    this.#openContenders = openContenders;
  }

  /** Loads the libraries; gives the name of the runtime and what `setupWasm` says. */
  async open(options) {
    this.#threads = options.threads;
    this.#peaks = peaksOf(options.peaks.modules, options.peaks);
    const { contenders, setup } = await this.#openContenders(this.#platform, options);
    this.#contenders = contenders;
    return { runtime: this.#platform.name, setup };
  }

  /** Builds the case for one contender, under the name `slot`, and warms it up; gives `{ estimate }` in ms a call, or `{ refused }`. */
  async prepare({ slot, contender, spec }) {
    try {
      const made = await this.#make(contender, spec);
      if (made === undefined) return { refused: "has no such operation" };
      this.#prepared.set(slot, made);
      return { estimate: await warmUp(made), work: made.work };
    } catch (error) {
      return { refused: shortened(String(error.message ?? error)) };
    }
  }

  /** Milliseconds of one call, the mean of `calls`. */
  async sample({ slot, calls }) {
    return timeCalls(this.#prepared.get(slot), calls);
  }

  /** A few numbers of the result, to compare the contenders by. */
  async output({ slot }) {
    const { use, output } = this.#prepared.get(slot);
    use?.();
    return summary(await output());
  }

  /** Bytes of heap that one call takes beyond its inputs: `{ peak, growth }`. */
  async memory({ contender, spec }) {
    const made = await this.#make(contender, spec);
    made.use();
    return peakHeap((await this.#platform.load("@tensorflow/tfjs-core")).backend(), made.run);
  }

  async release() {
    for (const { use, dispose } of this.#prepared.values()) {
      use?.();
      await dispose();
    }
    this.#prepared.clear();
  }

  async #make(contender, spec) {
    if (contender in this.#peaks) return preparePeak(this.#platform, this.#peaks[contender], this.#threads);
    const kinds = await this.#contenders[contender]();
    return kinds[spec.kind]?.(spec);
  }
}

function shortened(message) {
  const [line] = message.split("\n");
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
