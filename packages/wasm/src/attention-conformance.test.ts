import { scaledDotProductAttention } from "@tfblocks/attention";
import { describeAttention, describeTorchAttention, describeTorchMultiHeadAttention } from "@tfblocks/testkit";
import { hasRelaxedSimd } from "./runtime/features.js";
import { setupWasm } from "./setup-wasm.js";

// Every twin of the kernels that this runtime has, with one thread and with two.
for (const relaxedSimd of hasRelaxedSimd() ? [false, true] : [false]) {
  for (const threads of [1, 2]) {
    const name = `wasm fused ${relaxedSimd ? "relaxed" : "plain"}, ${threads} thread${threads === 1 ? "" : "s"}`;
    const prepare = async () => void (await setupWasm({ threads, relaxedSimd }));
    describeAttention(name, scaledDotProductAttention, prepare);
    describeTorchAttention(name, scaledDotProductAttention, prepare);
    describeTorchMultiHeadAttention(name, prepare);
  }
}
