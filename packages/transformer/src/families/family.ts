import { building, type Complete, type Defaults, withDefaults } from "@tfblocks/tensor-utils";
import { allowRepetition } from "@tfblocks/tensor-utils/steps";
import type { Layout } from "@tfblocks/weights/layouts";
import { type ConfigFields, type FamilyFields, withCommonFields } from "./shared/config-fields.js";
import { ConfigReader, type ModelConfig } from "./shared/config-reader.js";
import { checkWritten } from "./shared/written-config.js";

/** A family of models: their builder, with the names that Hugging Face gives to their sizes and weights. */
export interface Family<Sizes extends object, Model extends object> {
  /**
   * Builds a model with random parameters.
   *
   * @throws ValueError when a size is missing, unknown or out of range; no tensor is left behind
   */
  (sizes: Sizes): Model;
  /** The `model_type` of its configs. */
  readonly modelType: string;
  /** Whether its models predict the next token, so that `generate` can continue a prompt with them. */
  readonly generates: boolean;
  /** The names and shapes of its weights, for `fromLayout` and `toLayout` of `@tfblocks/weights/layouts`. */
  readonly layout: Layout;
  /** How names of its weights start here and in the folders of mlx-lm, where the two differ; the first that fits applies. */
  readonly mlxNames: readonly MlxName[];
  /** What is done with each field of its configs. */
  readonly fields: Required<ConfigFields>;
  /**
   * The sizes that a config describes.
   *
   * @param names of the weights' tensors, which show which heads there are and whether they are tied
   * @throws ValueError that names the first value that is missing, wrong or not supported
   */
  readonly readConfig: (config: unknown, names: ReadonlySet<string>) => Sizes;
  /**
   * A config that `readConfig` and transformers read.
   *
   * @throws ValueError when a size is missing or unknown, or a config cannot express it
   */
  readonly writeConfig: (sizes: Sizes) => ModelConfig;
  /** The names of its sizes. */
  readonly sizeNames: readonly string[];
}

/** The start of a name in the folders of transformers and in those of mlx-lm. */
export type MlxName = readonly [huggingFace: string, mlx: string];

/** Parts of a {@link family}. */
export interface FamilyParts<Sizes extends object, Model extends object> {
  readonly modelType: string;
  /** Default true. */
  readonly generates?: boolean;
  /** The default of every size, for building and for writing configs. */
  readonly defaults: Defaults<Sizes>;
  readonly build: (sizes: Complete<Sizes>) => Model;
  /** The fields of its configs, without those of every `model_type`. */
  readonly fields: FamilyFields;
  readonly readConfig: (config: ConfigReader, names: ReadonlySet<string>) => Sizes;
  /** Everything but `model_type`. */
  readonly writeConfig: (sizes: Complete<Sizes>) => ModelConfig;
  readonly layout: Omit<Layout, "name">;
  /** Default none. */
  readonly mlxNames?: readonly MlxName[];
}

/** Makes a family from its parts. @param name of the builder, for its errors */
export function family<Sizes extends object, Model extends object>(name: string, parts: FamilyParts<Sizes, Model>): Family<Sizes, Model> {
  const { modelType, generates = true, defaults, build, readConfig, mlxNames = [] } = parts;
  const fields = withCommonFields(parts.fields);
  const layout = { name, ...parts.layout };
  const complete = (sizes: Sizes, operation = name) => withDefaults<Sizes>(operation, sizes, defaults);
  const writeConfig = (sizes: Sizes): ModelConfig => {
    const all = complete(sizes, "modelConfig");
    const config = { model_type: modelType, ...parts.writeConfig(all) };
    const read = (names: ReadonlySet<string>) =>
      complete(readConfig(new ConfigReader(config, fields, { operation: "modelConfig" }), names));
    checkWritten(name, layout, all, read);
    return config;
  };
  return Object.assign((sizes: Sizes) => building(() => allowRepetition(build(complete(sizes)))), {
    modelType,
    generates,
    layout,
    mlxNames,
    fields,
    readConfig: (config: unknown, names: ReadonlySet<string>) => readConfig(new ConfigReader(config, fields), names),
    writeConfig,
    sizeNames: Object.keys(defaults),
  });
}
