import { backendNames, describeAttention, useBackend } from "@tfblocks/testkit";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

for (const backend of backendNames) {
  const calls = backend.startsWith("web") ? 50 : 1000;
  describeAttention(backend, scaledDotProductAttention, () => useBackend(backend), { calls });
}
