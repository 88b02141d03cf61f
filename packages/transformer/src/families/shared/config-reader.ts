import { activationNames, type ActivationName, isActivationName } from "@tfblocks/feed-forward";
import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** A `config.json`, parsed. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** A tensor of 2^31 bytes has no larger dimension. */
const largestSize = 2 ** 29;

/** Reads one `config.json` and checks every value that it returns. A fallback applies where a value is absent or null. */
export class ConfigReader {
  readonly #config: ModelConfig;
  readonly #path: string;

  /** @throws ValueError when the config is not an object */
  constructor(config: unknown, path = "config") {
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
      refuse(ValueError, "loadModel", path, "an object", describeValue(config));
    }
    this.#config = config as ModelConfig;
    this.#path = path;
  }

  /** Whether there is a value other than null. */
  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** Whether the value is null. Some classes of transformers distinguish that from an absent value. */
  isNull(name: string): boolean {
    return this.#config[name] === null;
  }

  /** A positive integer. */
  size(name: string, fallback?: number): number {
    const valid = (value: unknown) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= largestSize;
    return this.#read(name, `an integer from 1 to ${largestSize}`, valid, fallback);
  }

  /** The id of a token. */
  id(name: string, fallback: number): number {
    const valid = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largestSize;
    return this.#read(name, `an integer from 0 to ${largestSize}`, valid, fallback);
  }

  /** A finite number above 0. */
  positive(name: string, fallback?: number): number {
    return this.#read(name, "a finite number > 0", (value) => Number.isFinite(value) && (value as number) > 0, fallback);
  }

  /** A number in [0, 1). */
  rate(name: string, fallback?: number): number {
    return this.#read(name, "a number in [0, 1)", (value) => typeof value === "number" && value >= 0 && value < 1, fallback);
  }

  flag(name: string, fallback?: boolean): boolean {
    return this.#read(name, "true or false", (value) => typeof value === "boolean", fallback);
  }

  text(name: string, fallback?: string): string {
    return this.#read(name, "a string", (value) => typeof value === "string", fallback);
  }

  /** A list of strings of this length. */
  texts(name: string, length: number): readonly string[] {
    const valid = (value: unknown) => Array.isArray(value) && value.length === length && value.every((each) => typeof each === "string");
    return this.#read(name, `a list of ${length} strings`, valid);
  }

  /** An activation by Hugging Face's name. */
  activation(name: string, fallback: ActivationName): ActivationName {
    const text = this.text(name, fallback);
    return isActivationName(text) ? text : this.#refuse(name, `one of ${activationNames.join(", ")}`, text);
  }

  /** Refuses a value that would change the results in an unsupported way. @param expected the supported one, also where it is absent */
  requires(name: string, expected: boolean | string): void {
    if (this.has(name) && this.#value(name) !== expected) this.#refuse(name, JSON.stringify(expected), describeValue(this.#value(name)));
  }

  /** A reader of a nested config. */
  inner(name: string): ConfigReader {
    return new ConfigReader(this.#value(name), `${this.#path}.${name}`);
  }

  #read<Value>(name: string, expected: string, valid: (value: unknown) => boolean, fallback?: Value): Value {
    const value = this.#value(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (!valid(value)) this.#refuse(name, expected, describeValue(value));
    return value as Value;
  }

  #refuse(name: string, expected: string, received: string): never {
    return refuse(ValueError, "loadModel", `${this.#path}.${name}`, expected, received);
  }

  /** undefined where the value is absent or null. */
  #value(name: string): unknown {
    return Object.hasOwn(this.#config, name) ? (this.#config[name] ?? undefined) : undefined;
  }
}
