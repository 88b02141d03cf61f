const opponents = ["stock", "ort", "jax", "torch"];
const square = (size) => ({ kind: "gemm", m: size, n: size, k: size });

export const gemm = [
  { case: "256^3", spec: square(256), opponents: [...opponents, "cpu"] },
  { case: "512^3", spec: square(512), opponents, quick: true },
  { case: "1024^3", spec: square(1024), opponents },
  { case: "510x512x512", spec: { kind: "gemm", m: 510, n: 512, k: 512 }, opponents },
  { case: "512^3 transposeB", spec: { ...square(512), transposeB: true }, opponents },
  { case: "8 x 1024x64x1024", spec: { kind: "gemm", batch: 8, m: 1024, n: 1024, k: 64 }, opponents },
];
