import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ModelConfig } from "../families/shared/config-reader.js";
import type { GenerationConfig } from "../generation/generation-config.js";

/** The files of a model's folder, read on request. Each is undefined where the folder has no such file. */
export interface FolderFiles {
  /** @throws ValueError when the name is not that of a file in the folder, or the file cannot be read, is not JSON or is over 128 MiB */
  json(name: string): Promise<unknown>;
  /** UTF-8. @throws ValueError as {@link json} */
  text(name: string): Promise<string | undefined>;
  /** @throws ValueError as {@link json} */
  bytes(name: string): Promise<Uint8Array | undefined>;
}

/** What a folder holds beside the weights. */
export interface FolderContents {
  /** The path or address of the folder. */
  readonly folder: string;
  /** The parsed `config.json`, which also has `pad_token_id` and other fields. */
  readonly config: ModelConfig;
  /** The parsed `generation_config.json`, for `generationOptions` of `@tfblocks/transformer/generate`; undefined where there is none. */
  readonly generationConfig: GenerationConfig | undefined;
  /** Reads the other files, for example `files.text("tokenizer.json")`. */
  readonly files: FolderFiles;
}

/** A file, or why there is none. */
export type FoundFile = { readonly bytes: Uint8Array } | { readonly absent: string };

/** A folder on a disk or a server. */
export interface FolderSource {
  /** Its path or address. */
  readonly folder: string;
  /** The path or address of a file. */
  readonly at: (name: string) => string;
  /** @throws ValueError when the file is larger, or cannot be read though it may exist */
  readonly read: (name: string, maxBytes: number, signal?: AbortSignal) => Promise<FoundFile>;
}

/** Far above the size of any tokenizer. */
const maxFileBytes = 2 ** 27;

/** Far above the size of any config; larger files are not read. */
const maxConfigBytes = 2 ** 20;

/** The files of a folder. */
export function filesOf(source: FolderSource): FolderFiles {
  const bytes = async (name: string) => {
    checkName(name);
    const found = await source.read(name, maxFileBytes);
    return "bytes" in found ? found.bytes : undefined;
  };
  const text = async (name: string) => {
    const found = await bytes(name);
    return found && new TextDecoder().decode(found);
  };
  const json = async (name: string) => {
    const found = await text(name);
    return found === undefined ? undefined : parse(found, () => refuseFile(source, name, "JSON", "other text"));
  };
  return { json, text, bytes };
}

function checkName(name: unknown): void {
  if (typeof name === "string" && /^[\w][\w .+@=-]*$/.test(name) && !name.includes("..")) return;
  refuse(
    ValueError,
    "FolderFiles",
    "name",
    "the plain name of a file",
    typeof name === "string" ? JSON.stringify(name) : describeValue(name),
  );
}

/** Refuses a file of a folder. */
function refuseFile(source: FolderSource, name: string, expected: string, received: string, advice?: string): never {
  return refuse(ValueError, "loadFolder", name, expected, `${source.at(name)}, which has ${received}`, advice);
}

/** The parsed `config.json`. @throws ValueError when it is absent, larger than a config, or not JSON */
export async function readConfigFile(source: FolderSource, signal?: AbortSignal): Promise<unknown> {
  const found = await readSmall(source, "config.json", signal);
  if ("absent" in found) return refuseConfig("config.json", `${source.at("config.json")} (${found.absent})`);
  return parsedConfig(source, "config.json", found.bytes);
}

/** The parsed `generation_config.json`, or undefined. @throws ValueError when it is larger than a config, or not a JSON object */
export async function readGenerationConfig(source: FolderSource, signal?: AbortSignal): Promise<GenerationConfig | undefined> {
  const name = "generation_config.json";
  const found = await readSmall(source, name, signal);
  if ("absent" in found) return undefined;
  const config = parsedConfig(source, name, found.bytes);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config as GenerationConfig;
  return refuse(ValueError, "loadFolder", name, "an object", describeValue(config));
}

function readSmall(source: FolderSource, name: string, signal?: AbortSignal): Promise<FoundFile> {
  return source.read(name, maxConfigBytes, signal);
}

function parsedConfig(source: FolderSource, name: string, bytes: Uint8Array): unknown {
  return parse(new TextDecoder().decode(bytes), () => refuseConfig(name, `${source.at(name)}, which is not JSON`));
}

function refuseConfig(name: string, received: string): never {
  return refuse(ValueError, "loadFolder", name, `JSON of at most ${maxConfigBytes} bytes beside the weights`, received);
}

function parse(text: string, otherwise: () => never): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise();
  }
}

/** Refuses a file that cannot be read or is too large. */
export function refuseRead(name: string, maxBytes: number, received: string, advice?: string): never {
  return refuse(ValueError, "loadFolder", name, `a file of at most ${maxBytes} bytes`, received, advice);
}
