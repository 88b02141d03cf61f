import { llamaContender } from "./contenders/llama.mjs";
import { ortContender } from "./contenders/ort.mjs";
import { eachOnce } from "./open-contenders.mjs";

/** The libraries that run outside WebAssembly, as `openContenders`. */
export async function openNative({ load }, { threads }) {
  const contenders = {
    llama: async () => llamaContender(await load("node-llama-cpp"), threads),
    ortNative: async () => ortContender((await load("onnxruntime-node")).default, { provider: "cpu", threads }),
  };
  return { contenders: eachOnce(contenders), setup: {} };
}
