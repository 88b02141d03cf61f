import type { Choice, Layout, Rule } from "@tfblocks/weights/layouts";

/** The layout of a model in the folders of mlx-lm, where the weights of linear maps are never transposed. */
export function mlxLayout(layout: Layout): Layout {
  const { body, head = [] } = layout;
  return { ...layout, body: body.map(untransposed), head: head.map(untransposed) };
}

function untransposed(each: Rule | Choice): Rule | Choice {
  if ("oneOf" in each) return each;
  const { transform, ...same } = each;
  if (transform === "transposed") return same;
  return transform === "transposedStacked" ? { ...same, transform: "stacked" } : each;
}
