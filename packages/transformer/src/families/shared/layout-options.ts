import { flagNames, type Layout, type LayoutOptions, layoutSizeNames } from "@tfblocks/weights/layouts";

/** The sizes and flags of a model that its layout knows. */
export function layoutOptions(layout: Layout, sizes: object): LayoutOptions {
  const { layers, widths, heads } = layoutSizeNames(layout);
  const flags = flagNames(layout);
  const known = Object.entries<unknown>({ ...sizes });
  return {
    sizes: Object.fromEntries(known.filter((each): each is [string, number] => [...layers, ...widths, ...heads].includes(each[0]))),
    flags: Object.fromEntries(known.filter((each): each is [string, boolean] => flags.includes(each[0]))),
    ...("tiedHead" in sizes && { tiedHead: sizes.tiedHead as boolean }),
  };
}
