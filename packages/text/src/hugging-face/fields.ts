import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

type Json = Readonly<Record<string, unknown>>;

/** Refuses a part of a `tokenizer.json`, by its path. */
export function refusePart(path: string, expected: string, received: unknown, advice?: string): never {
  return refuse(ValueError, "loadTokenizer", path, expected, describeValue(received), advice);
}

/** Refuses what a `tokenizer.json` says and this package does not compute. */
export function refuseUnsupported(path: string, what: string): never {
  return refuse(ValueError, "loadTokenizer", path, "supported", `${what}, which is not`);
}

/**
 * An object of a `tokenizer.json`, read field by field. Every method names the field in its error, and {@link end}
 * refuses the fields that nobody has read, so that none is silently ignored.
 */
export class Fields {
  readonly path: string;
  readonly #content: Json;
  readonly #read = new Set<string>();

  constructor(path: string, content: unknown) {
    if (typeof content !== "object" || content === null || Array.isArray(content)) refusePart(path, "an object", content);
    this.path = path;
    this.#content = content as Json;
  }

  /** The path of a field, as errors say it. */
  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** A field as it is; undefined if it is missing or null. */
  raw(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#content, name) ? (this.#content[name] ?? undefined) : undefined;
  }

  string(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    return typeof value === "string" ? value : refusePart(this.at(name), "a string", value);
  }

  /** A string of one character (code point). */
  character(name: string): string {
    const value = this.string(name);
    return Array.from(value).length === 1 ? value : refusePart(this.at(name), "one character", value);
  }

  optionalString(name: string): string | undefined {
    return this.raw(name) === undefined ? undefined : this.string(name);
  }

  boolean(name: string, fallback?: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    return typeof value === "boolean" ? value : refusePart(this.at(name), "a boolean", value);
  }

  integer(name: string, low = 0, high: number = 2 ** 31 - 2, fallback?: number): number {
    return integerAt(this.at(name), this.raw(name) ?? fallback, low, high);
  }

  /** One of the names. */
  choice<Name extends string>(name: string, names: readonly Name[], fallback?: Name): Name {
    const value = this.raw(name) ?? fallback;
    return (names as readonly unknown[]).includes(value)
      ? (value as Name)
      : refusePart(this.at(name), `one of ${names.map((each) => `"${each}"`).join(", ")}`, value);
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    return Array.isArray(value) ? value : refusePart(this.at(name), "an array", value);
  }

  object(name: string): Fields {
    return new Fields(this.at(name), this.raw(name));
  }

  /** The objects of a list. */
  objects(name: string): Fields[] {
    return this.list(name).map((each, at) => new Fields(`${this.at(name)}[${at}]`, each));
  }

  entries(): [string, unknown][] {
    return Object.entries(this.#content);
  }

  /** Refuses a field that was not read. */
  end(): void {
    const unknown = Object.keys(this.#content).find((name) => !this.#read.has(name));
    if (unknown !== undefined) refuseUnsupported(this.at(unknown), "an unknown field");
  }
}

const maxDepth = 30;

/** A table of readers by the `type` of a part. */
export type Readers<Part> = Readonly<Record<string, (fields: Fields) => Part>>;

/** Reads a part by its `type`, and refuses what is left of it. */
export function readPart<Part>(fields: Fields, readers: Readers<Part>): Part {
  if (fields.path.split("[").length > maxDepth) refuseUnsupported(fields.path, `a part nested more than ${maxDepth} deep`);
  const type = fields.string("type");
  if (!Object.hasOwn(readers, type)) {
    refusePart(
      fields.at("type"),
      `one of ${Object.keys(readers)
        .map((each) => `"${each}"`)
        .join(", ")}`,
      type,
    );
  }
  const part = readers[type]!(fields);
  fields.end();
  return part;
}

/** An integer from `low` to `high`. */
export function integerAt(path: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  return refusePart(path, `an integer from ${low} to ${high}`, value);
}
