import { isShortOfMemory, isTrap, lacksMemory } from "./outcome.js";

/** What the owner of the calls hears. */
interface CallEvents {
  /** A call ended in a WebAssembly trap, after which nothing in the worker can be trusted. */
  readonly onTrap: () => void;
  /** A call failed because memory ran out. It keeps its answer. */
  readonly onShortage: () => void;
}

/** The calls of one worker that have no answer yet. */
export class PendingCalls {
  readonly #rejects = new Set<(error: Error) => void>();
  readonly #events: CallEvents;
  #lost: Error | undefined;

  constructor(events: CallEvents) {
    this.#events = events;
  }

  get count(): number {
    return this.#rejects.size;
  }

  /** The same functions, nested ones too, but their promises also reject when the calls are lost. */
  guard<Calls extends object>(calls: Calls): Calls {
    return new Proxy(calls, {
      get: (target, name) => {
        if (name === "then") return undefined; // neither a module of calls nor a call is a promise
        const part: unknown = Reflect.get(target, name);
        return part instanceof Object ? this.guard(part) : part;
      },
      apply: (target, _this, args) => this.run(() => Reflect.apply(target as () => Promise<unknown>, undefined, args)),
    });
  }

  /** Waits for an answer. @throws the error of `lose` if the calls are lost first */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#lost !== undefined) throw this.#lost;
    let reject = (_error: Error): void => {};
    const lost = new Promise<never>((_, refuse) => (reject = refuse));
    this.#rejects.add(reject);
    try {
      const answer = await Promise.race([ask(), lost]);
      if (lacksMemory(answer)) this.#events.onShortage();
      return answer;
    } catch (error) {
      if (isTrap(error)) this.#events.onTrap();
      else if (isShortOfMemory(error)) this.#events.onShortage();
      throw this.#lost ?? error;
    } finally {
      this.#rejects.delete(reject);
    }
  }

  /** Rejects the calls that wait, and all later ones. */
  lose(error: Error): void {
    this.#lost ??= error;
    for (const reject of this.#rejects) reject(this.#lost);
  }
}
