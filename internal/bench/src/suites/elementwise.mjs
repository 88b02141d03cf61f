export const elementwise = ["layerNorm", "softmax", "gelu"].map((op) => ({
  case: `${op} [2048, 1024]`,
  spec: { kind: "elementwise", op, rows: 2048, columns: 1024 },
  opponents: ["stock", "ort", "jax", "torch"],
  quick: true,
}));
