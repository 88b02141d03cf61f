import { load } from "../host/load.mjs";

/**
 * Writes a BERT encoder of the sizes of all-MiniLM-L6-v2 as a Hugging Face folder, 90 MB of weights.
 *
 * node write-folder.mjs FOLDER
 */
const { setupWasm } = await load("@tfblocks/wasm");
const { bert } = await load("@tfblocks/transformer/models");
const { saveFolder } = await load("@tfblocks/transformer/hugging-face/node");

const sizes = { vocabSize: 30522, dModel: 384, numLayers: 6, numHeads: 12, hiddenDim: 1536, maxLength: 512, pooler: true };
await setupWasm({ threads: 1 });
const model = bert(sizes);
await saveFolder(process.argv[2], { family: "bert", sizes, model });
