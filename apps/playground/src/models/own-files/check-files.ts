import { openSafetensors } from "@tfblocks/weights";
import { explainFailure, familyNames, refuseModel } from "../explain-failure.js";
import { type OwnModel, shownBytes } from "./own-model.js";

type Files = OwnModel["files"];

/** What a page can hold: WebAssembly has 4 GiB, of which a model leaves some for computing. */
const largestModel = 3.75 * 2 ** 30;

const folderHint = "This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.";

/** Files that are no weights for this page, by their names, and what to do. */
const foreignWeights: readonly (readonly [name: RegExp, advice: string])[] = [
  [/\.gguf$/, "is in the GGUF format, whose weights are quantised. Choose the original model, with model.safetensors."],
  [
    /\.(bin|pt|pth|ckpt)$/,
    "is in PyTorch's own format, which may contain programs. Save the model with save_pretrained, which writes model.safetensors.",
  ],
  [/\.(h5|msgpack|onnx|tflite)$/, "is in the format of another program. This page reads model.safetensors."],
  [/adapter.*\.safetensors$/, "changes another model and is none itself. Merge it into that model and save the result."],
  [/\.safetensors$/, "has another name than model.safetensors. Rename it if it has all weights of the model."],
];

/**
 * Checks that the files of a folder can be opened and fit, before any weight is read.
 *
 * @throws ModelFailure that says what is missing or wrong, and what to do
 */
export async function checkFiles(files: Files): Promise<void> {
  checkNames([...files.keys()]);
  checkConfig(await files.get("config.json")!.text());
  await checkParts(files);
  checkSize(await bytesInMemory(files));
}

/** Checks that the files of a folder are those of a model. @throws ModelFailure that says what is missing, and what to do */
export function checkNames(names: readonly string[]): void {
  const has = (name: string): boolean => names.includes(name);
  if (!has("config.json")) refuseModel(withoutConfig(names));
  if (!has("model.safetensors") && !has("model.safetensors.index.json")) refuseModel(foreignIn(names) ?? withoutWeights);
  if (!has("tokenizer.json")) refuseModel(withoutTokenizer(names));
}

function withoutConfig(names: readonly string[]): string {
  if (names.length === 0) return `There are no files in it. ${folderHint}`;
  const foreign = foreignIn(names);
  return `There is no config.json among the files. ${foreign === undefined || foreign.includes("another name") ? folderHint : foreign}`;
}

const withoutWeights = "There are no weights among the files: model.safetensors is missing.";

/** The first kind of foreign weights among the files. */
function foreignIn(names: readonly string[]): string | undefined {
  for (const [pattern, advice] of foreignWeights) {
    const name = names.find((each) => pattern.test(each));
    if (name !== undefined) return `${name} ${advice}`;
  }
  return undefined;
}

function withoutTokenizer(names: readonly string[]): string {
  const old = names.find((name) => /^(vocab\.(json|txt)|merges\.txt|.*\.model)$/.test(name));
  const found = old === undefined ? "" : ` ${old} is the older form.`;
  return `tokenizer.json is missing, without which the model cannot read a text.${found} AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it.`;
}

function checkConfig(text: string): void {
  const config = parsed(text);
  if (typeof config !== "object" || config === null) refuseModel("config.json is damaged: it is not JSON. Please download it again.");
  const { model_type: type, quantization_config: quantized } = config as Readonly<Record<string, unknown>>;
  if (typeof type !== "string") refuseModel("config.json does not say what kind of model it is: it has no model_type.");
  const known = familyNames();
  if (!known.includes(type)) refuseModel(`Models of the type “${type.slice(0, 60)}” cannot be opened. These can: ${known.join(", ")}.`);
  if (quantized) refuseModel("The weights are quantised. Choose the original model: this page reads float32, float16 and bfloat16.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws ModelFailure when a part of the weights is missing, or one is not there yet */
async function checkParts(files: Files): Promise<void> {
  const index = files.get("model.safetensors.index.json");
  if (index !== undefined && !files.has("model.safetensors")) {
    const missing = partsIn(await index.text()).find((name) => !files.has(name));
    if (missing !== undefined) refuseModel(`${missing} is missing: it is a part of the weights. Please choose all parts of the model.`);
  }
  for (const [name, file] of files) if (await isPointer(file)) refuseModel(`${name} ${pointerAdvice}`);
}

/** The files that an index names. */
function partsIn(json: string): string[] {
  const { weight_map: map } = Object(parsed(json)) as { readonly weight_map?: unknown };
  return Object.values(Object(map) as object).map(String);
}

const pointerAdvice = "holds only the address of the weights. Run “git lfs pull” in the folder, or download the file itself.";

/** Whether a file is what git has in place of a large one that it has not fetched. */
async function isPointer(file: Blob): Promise<boolean> {
  return file.size < 1024 && (await file.text()).startsWith("version https://git-lfs");
}

/** The size of the weights as the page computes with them: four bytes for each number. */
async function bytesInMemory(files: Files): Promise<number> {
  const isSharded = !files.has("model.safetensors");
  const isWeights = (name: string): boolean => (isSharded ? /^[^/]+\.safetensors$/.test(name) : name === "model.safetensors");
  let numbers = 0;
  for (const [name, file] of files) {
    if (!isWeights(name)) continue;
    const reader = await openSafetensors(file, { maxBytes: Infinity }).catch((error: unknown) => Promise.reject(explainFailure(error)));
    for (const tensor of reader.names) numbers += reader.info(tensor).shape.reduce((product, size) => product * size, 1);
    await reader.close();
  }
  return 4 * numbers;
}

/** @throws ModelFailure when the weights do not fit into the memory of a page or of the device */
function checkSize(bytes: number): void {
  const takes = `The model takes ${shownBytes(bytes)} of memory`;
  if (bytes > largestModel) refuseModel(`${takes}, and a page has at most ${shownBytes(largestModel)} for it. Choose a smaller model.`);
  const { deviceMemory = Infinity } = navigator as { readonly deviceMemory?: number }; // in GiB, where the browser tells it
  const device = deviceMemory * 2 ** 30;
  if (bytes > device) refuseModel(`${takes}, and this device reports ${shownBytes(device)} in all. Choose a smaller model.`);
}
