import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** A `config.json`, parsed. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** Larger sizes no tensor of 2^31 bytes can have. */
const largestSize = 2 ** 29;

/** Reads one `config.json`, whose every value is suspect until it is checked. */
export class ConfigReader {
  readonly #config: ModelConfig;
  readonly #path: string;

  /** @throws ValueError when it is no object */
  constructor(config: unknown, path = "config") {
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
      refuse(ValueError, "loadModel", path, "an object", describeValue(config));
    }
    this.#config = config as ModelConfig;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** A positive integer. */
  size(name: string, fallback?: number): number {
    const valid = (value: unknown) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= largestSize;
    return this.#read(name, `an integer from 1 to ${largestSize}`, valid, fallback);
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

  /** A list of so many strings. */
  texts(name: string, length: number): readonly string[] {
    const valid = (value: unknown) => Array.isArray(value) && value.length === length && value.every((each) => typeof each === "string");
    return this.#read(name, `a list of ${length} strings`, valid);
  }

  /** The config inside. */
  inner(name: string): ConfigReader {
    return new ConfigReader(this.#value(name), `${this.#path}.${name}`);
  }

  #read<Value>(name: string, expected: string, valid: (value: unknown) => boolean, fallback?: Value): Value {
    const value = this.#value(name);
    if (value === undefined && fallback !== undefined) return fallback;
    if (!valid(value)) refuse(ValueError, "loadModel", `${this.#path}.${name}`, expected, describeValue(value));
    return value as Value;
  }

  /** null counts as absent, as Hugging Face writes it. */
  #value(name: string): unknown {
    return Object.hasOwn(this.#config, name) ? (this.#config[name] ?? undefined) : undefined;
  }
}
