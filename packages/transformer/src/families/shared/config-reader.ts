import { activationNames, type ActivationName, canonicalActivationName, isActivationName } from "@tfblocks/feed-forward";
import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ConfigFields } from "./config-fields.js";

/** A `config.json`, parsed. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** What a field means where it is absent and where it is null. Without them it must be there, and must not be null. */
export interface Fallbacks<Value> {
  readonly absent?: Value;
  readonly null?: Value;
}

/** A tensor of 2^31 bytes has no larger dimension. */
const largestSize = 2 ** 29;

/** How a reader names what it reads in its errors. */
interface Place {
  readonly operation: string;
  readonly path: string;
}

/** Reads one `config.json` by the table of its fields, and checks every value that it returns. */
export class ConfigReader {
  readonly #config: ModelConfig;
  readonly #fields: ConfigFields;
  readonly #place: Place;

  /**
   * @param place the operation and the path that errors name; default `loadModel` and `config`
   * @throws ValueError when the config is not an object, a field has a value that is not supported, or two names of one field have
   *   different values
   */
  constructor(config: unknown, fields: ConfigFields, place: Partial<Place> = {}) {
    this.#place = { operation: "loadModel", path: "config", ...place };
    this.#config = checkConfig(config, this.#place);
    this.#fields = fields;
    for (const [name, allowed] of Object.entries(fields.only)) this.#checkOnly(name, allowed);
    for (const alias of Object.keys(fields.aliases ?? {})) this.#checkAlias(alias, fields.aliases![alias]!);
  }

  /** Whether the field is there, be it null. */
  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** Whether the field is there and is null. */
  isNull(name: string): boolean {
    return this.#value(name) === null;
  }

  /** A positive integer. */
  size(name: string, fallbacks: Fallbacks<number> = {}): number {
    return this.#integer(name, 1, fallbacks);
  }

  /** An integer that may be 0, for example the id of a token. */
  count(name: string, fallbacks: Fallbacks<number> = {}): number {
    return this.#integer(name, 0, fallbacks);
  }

  /** A finite number above 0. */
  positive(name: string, fallbacks: Fallbacks<number> = {}): number {
    return this.#read(name, "a finite number > 0", (value) => Number.isFinite(value) && (value as number) > 0, fallbacks);
  }

  /** A finite number. */
  number(name: string, fallbacks: Fallbacks<number> = {}): number {
    return this.#read(name, "a finite number", (value) => Number.isFinite(value), fallbacks);
  }

  /** A number in [0, 1). */
  rate(name: string, fallbacks: Fallbacks<number> = {}): number {
    return this.#read(name, "a number in [0, 1)", (value) => typeof value === "number" && value >= 0 && value < 1, fallbacks);
  }

  flag(name: string, fallbacks: Fallbacks<boolean> = {}): boolean {
    return this.#read(name, "true or false", (value) => typeof value === "boolean", fallbacks);
  }

  text(name: string, fallbacks: Fallbacks<string> = {}): string {
    return this.#read(name, "a string", (value) => typeof value === "string", fallbacks);
  }

  /** A list of strings. @param length default any */
  texts(name: string, length?: number): readonly string[] {
    return this.#list(name, "strings", (item) => typeof item === "string", length);
  }

  /** A list of finite numbers. @param length default any */
  numbers(name: string, length?: number): readonly number[] {
    return this.#list(name, "finite numbers", Number.isFinite, length);
  }

  /** An activation by Hugging Face's name; by its own name here. */
  activation(name: string, fallbacks: Fallbacks<ActivationName> = {}): ActivationName {
    const text = this.text(name, fallbacks);
    return isActivationName(text) ? canonicalActivationName(text) : this.refuse(name, `one of ${activationNames.join(", ")}`);
  }

  /** A reader of a nested config. @param base where fields are read that the nested config does not have; default nowhere */
  inner(name: string, fields: ConfigFields, base?: ConfigReader): ConfigReader {
    const place = { ...this.#place, path: `${this.#place.path}.${name}` };
    const own = this.#value(name);
    return new ConfigReader(base === undefined ? own : { ...base.#config, ...checkConfig(own, place) }, fields, place);
  }

  /** Refuses the value of a field. @param received the value that is wrong; default that of the field */
  refuse(name: string, expected: string, received: unknown = this.#value(name)): never {
    const { operation, path } = this.#place;
    return refuse(ValueError, operation, `${path}.${name}`, expected, describeValue(received));
  }

  #list<Item>(name: string, items: string, isItem: (item: unknown) => boolean, length?: number): readonly Item[] {
    const valid = (value: unknown) => Array.isArray(value) && (length ?? value.length) === value.length && value.every(isItem);
    return this.#read<readonly Item[]>(name, `a list of ${length === undefined ? "" : `${length} `}${items}`, valid, {});
  }

  #integer(name: string, least: number, fallbacks: Fallbacks<number>): number {
    const valid = (value: unknown) => Number.isInteger(value) && (value as number) >= least && (value as number) <= largestSize;
    return this.#read(name, `an integer from ${least} to ${largestSize}`, valid, fallbacks);
  }

  #read<Value>(name: string, expected: string, valid: (value: unknown) => boolean, fallbacks: Fallbacks<Value>): Value {
    const value = this.#value(name);
    if (value === undefined && fallbacks.absent !== undefined) return fallbacks.absent;
    if (value === null && fallbacks.null !== undefined) return fallbacks.null;
    return valid(value) ? (value as Value) : this.refuse(name, expected);
  }

  #checkOnly(name: string, allowed: readonly unknown[]): void {
    const value = this.#own(name);
    if (value === undefined || allowed.some((each) => JSON.stringify(each) === JSON.stringify(value))) return;
    const { operation, path } = this.#place;
    const expected = allowed.length === 0 ? "absent" : allowed.map((each) => JSON.stringify(each)).join(" or ");
    refuse(ValueError, operation, `${path}.${name}`, expected, describeValue(value), "other values are not supported");
  }

  #checkAlias(alias: string, name: string): void {
    const [given, own] = [this.#own(alias), this.#own(name)];
    if (given === undefined || own === undefined || JSON.stringify(given) === JSON.stringify(own)) return;
    const { operation, path } = this.#place;
    refuse(ValueError, operation, `${path}.${alias}`, `equal to ${name} = ${describeValue(own)}, its other name`, describeValue(given));
  }

  /** A field by its name or another one of it; undefined where it is absent. */
  #value(name: string): unknown {
    if (!this.#fields.read.includes(name)) throw new Error(`ConfigReader: "${name}" is not in the table of fields that are read`);
    const alias = Object.keys(this.#fields.aliases ?? {}).find(
      (each) => this.#fields.aliases![each] === name && this.#own(each) !== undefined,
    );
    return this.#own(alias ?? name);
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#config, name) ? this.#config[name] : undefined;
  }
}

function checkConfig(config: unknown, { operation, path }: Place): ModelConfig {
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config as ModelConfig;
  return refuse(ValueError, operation, path, "an object", describeValue(config));
}
