import { checkInteger, checkObject, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import { checkString } from "../../checks.js";
import { checkMap } from "../head-map.js";
import { isPacked } from "./pack-map.js";
import type { PackedMap } from "./payload.js";
import type { Report, ReportLayer } from "./report.js";
import { checkArray, checkMetrics, checkNumbers, checkObjects } from "./check-values.js";

const operation = "toHtml";

/** Checks what a report of another program may have wrong. @throws ValueError, ShapeError that name the place */
export function checkReport(report: Report): Report {
  checkObject(operation, "report", report);
  if (report.version !== 1) refuse(ValueError, operation, "report.version", "1", describeValue(report.version));
  checkText("report.title", report.title);
  checkTexts("report.tokens", report.tokens);
  for (const [name, text] of Object.entries({ model: report.model, text: report.text })) {
    if (text !== undefined) checkText(`report.${name}`, text);
  }
  checkList("report.layers", report.layers).forEach((layer, index) => checkLayer(`report.layers[${index}]`, layer, report.tokens));
  checkMeasurements(report);
  checkLens(report);
  checkPatching(report);
  checkTexts("report.notes", report.notes ?? []);
  return report;
}

function checkLayer(place: string, layer: ReportLayer, tokens: readonly string[]): void {
  checkText(`${place}.label`, layer.label);
  const { rowTokens = tokens, columnTokens = tokens } = layer;
  checkTexts(`${place}.rowTokens`, rowTokens);
  checkTexts(`${place}.columnTokens`, columnTokens);
  checkList(`${place}.heads`, layer.heads).forEach(({ head: index, map, metrics, labels }, head) => {
    const inHead = `${place}.heads[${head}]`;
    checkInteger(operation, `${inHead}.head`, index, 0);
    checkObject(operation, `${inHead}.map`, map);
    const { rows, columns } = isPacked(map) ? checkPacked(`${inHead}.map`, map) : checkMap(operation, map, "weights", `${inHead}.map.`);
    checkLength(`${inHead}.map.rows`, rows, "rowTokens", rowTokens.length);
    checkLength(`${inHead}.map.columns`, columns, "columnTokens", columnTokens.length);
    checkMetrics(operation, `${inHead}.metrics`, metrics);
    for (const { label, score, nullScore, threshold, evidence } of checkList(`${inHead}.labels`, labels)) {
      checkTexts(`${inHead}.labels`, [label, evidence]);
      checkNumbers(operation, `${inHead}.labels "${label}"`, [score, nullScore, threshold]);
    }
  });
}

/** Checks the sizes of a packed map; what its text says is only ever drawn. */
function checkPacked(place: string, { rows, columns, pool, cells, top }: PackedMap): Pick<PackedMap, "rows" | "columns"> {
  for (const [name, size] of Object.entries({ rows, columns, pool })) checkInteger(operation, `${place}.${name}`, size, 1, 65_535);
  const checkBase64 = (name: string, text: unknown, count: number): void => {
    const length = Math.ceil((2 * count) / 3) * 4;
    if (typeof text === "string" && text.length === length && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return;
    refuse(ValueError, operation, `${place}.${name}`, `base64 of ${count} numbers of 16 bits`, describeValue(text));
  };
  checkBase64("cells", cells, Math.ceil(rows / pool) * Math.ceil(columns / pool));
  if (top === null) return { rows, columns };
  checkObject(operation, `${place}.top`, top);
  checkInteger(operation, `${place}.top.count`, top.count, 1, columns);
  checkBase64("top.columns", top.columns, rows * top.count);
  checkBase64("top.weights", top.weights, rows * top.count);
  return { rows, columns };
}

function checkMeasurements({ losses = [], attribution, ablation = [] }: Report): void {
  for (const { token, loss } of checkList("report.losses", losses)) {
    checkText("report.losses token", token);
    checkNumbers(operation, "report.losses", [loss]);
  }
  for (const { name, change } of checkList("report.ablation", ablation)) {
    checkText("report.ablation name", name);
    checkNumbers(operation, `report.ablation "${name}"`, [change]);
  }
  if (attribution === undefined) return;
  checkObject(operation, "report.attribution", attribution);
  checkText("report.attribution.target", attribution.target);
  checkNumbers(operation, "report.attribution.logit", [attribution.logit]);
  for (const { name, value } of checkList("report.attribution.components", attribution.components)) {
    checkText("report.attribution.components name", name);
    checkNumbers(operation, `report.attribution.components "${name}"`, [value]);
  }
}

function checkPatching({ patching }: Report): void {
  if (patching === undefined) return;
  checkObject(operation, "report.patching", patching);
  checkText("report.patching.measure", patching.measure);
  checkNumbers(operation, "report.patching", [patching.clean, patching.corrupt]);
  for (const { name, restored } of checkList("report.patching.heads", patching.heads)) {
    checkText("report.patching.heads name", name);
    checkNumbers(operation, `report.patching.heads "${name}"`, [restored]);
  }
}

function checkLens({ lens }: Report): void {
  if (lens === undefined) return;
  checkObject(operation, "report.lens", lens);
  checkTexts("report.lens.layers", lens.layers);
  checkLength("report.lens.positions", checkList("report.lens.positions", lens.positions).length, "lens.layers", lens.layers.length);
  for (const [layer, cells] of lens.positions.entries()) {
    const place = `report.lens.positions[${layer}]`;
    checkLength(place, checkList(place, cells).length, "the first layer", lens.positions[0]!.length);
    for (const { token, entropy, top } of cells) {
      checkText(`${place} token`, token);
      checkNumbers(operation, `${place} entropy`, [entropy]);
      for (const guess of checkList(`${place} top`, top)) {
        checkText(`${place} top token`, guess.token);
        checkNumbers(operation, `${place} top probability`, [guess.probability]);
      }
    }
  }
}

function checkList<Item extends object>(place: string, list: readonly Item[]): readonly Item[] {
  return checkObjects(operation, place, list);
}

function checkText(place: string, text: unknown): void {
  checkString(operation, place, text);
}

function checkTexts(place: string, texts: readonly string[]): void {
  checkArray(operation, place, texts).forEach((text, index) => checkText(`${place}[${index}]`, text));
}

function checkLength(place: string, length: number, other: string, expected: number): void {
  if (length !== expected) refuse(ShapeError, operation, place, `${expected}, as many as ${other}`, length);
}
