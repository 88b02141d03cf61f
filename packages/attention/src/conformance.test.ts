import {
  backendNames,
  conformanceBackendNames,
  describeTorchAttention,
  describeTorchMultiHeadAttention,
  useBackend,
} from "@tfblocks/testkit";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.js";

for (const backend of conformanceBackendNames) {
  describeTorchAttention(backend, scaledDotProductAttention, () => useBackend(backend));
}
for (const backend of backendNames) describeTorchMultiHeadAttention(backend, () => useBackend(backend));
