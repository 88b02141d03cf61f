export { type LayoutName, layouts } from "./layouts/all-layouts.js";
export { fromLayout, type LayoutOptions } from "./layouts/from-layout.js";
export type { Choice, Layout, Rule } from "./layouts/layout.js";
export type { LayoutSizes } from "./layouts/sizes.js";
export { toLayout } from "./layouts/to-layout.js";
export type { TransformName } from "./layouts/transforms.js";
