export type { RampName, Tone } from "./pictures/color/ramps.js";
export { fromJson } from "./pictures/data/from-json.js";
export type { MapDetails, MapFile } from "./pictures/data/map-file.js";
export { toCsv } from "./pictures/data/to-csv.js";
export { toJson } from "./pictures/data/to-json.js";
export { type HeadMap, headMap } from "./pictures/head-map.js";
export type { TokenOptions } from "./pictures/picture-tokens.js";
export type { PackedMap } from "./pictures/report/payload.js";
export { type LayerFindings, reportLayer } from "./pictures/report/report-layer.js";
export type {
  LensCell,
  Report,
  ReportAblation,
  ReportAttribution,
  ReportHead,
  ReportLabel,
  ReportLayer,
  ReportLens,
  ReportLoss,
  ReportMetric,
  ReportPatching,
} from "./pictures/report/report.js";
export { toHtml } from "./pictures/report/to-html.js";
export { type Bar, type BarsOptions, barsSvg } from "./pictures/svg/bars-svg.js";
export { type GridOptions, type GridPanel, gridSvg } from "./pictures/svg/grid-svg.js";
export type { ColorOptions } from "./pictures/svg/svg-options.js";
export { type SvgOptions, toSvg } from "./pictures/svg/to-svg.js";
export { type TextOptions, toText } from "./pictures/to-text.js";
