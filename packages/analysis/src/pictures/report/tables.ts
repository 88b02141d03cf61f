import { threeDigits } from "../text/numbers.js";
import { clipLabel, visibleToken } from "../text/visible-token.js";
import { escapeHtml } from "./html.js";
import type { Report, ReportHead } from "./report.js";

/** A section of the page, or nothing when it is empty. */
export function section(id: string, title: string, intro: string, body: string): string {
  if (body === "") return "";
  return `<section class="panel" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2><p class="intro">${intro}</p>${body}</section>`;
}

/** A table in a box that scrolls by itself, so that the page never scrolls sideways. */
function scrollTable(name: string, head: string, rows: readonly string[]): string {
  if (rows.length === 0) return "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** All heads with their metric names, in the order of the report. */
function everyHead({ layers }: Report): { id: string; title: string; head: ReportHead }[] {
  return layers.flatMap(({ label, heads }, layer) =>
    heads.map((head, index) => ({ id: `${layer}.${index}`, title: `${label}·H${head.head}`, head })),
  );
}

/** The names of the metrics of a report, in the order of their first appearance. */
function metricNames({ layers }: Report): string[] {
  return [...new Set(layers.flatMap(({ heads }) => heads.flatMap(({ metrics }) => metrics.map(({ name }) => name))))];
}

export function metricsTable(report: Report): string {
  const names = metricNames(report);
  if (names.length === 0) return "";
  const head = ["head", ...names].map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const rows = everyHead(report).map(({ id, title, head: { metrics } }) => {
    const cells = names.map((name) => metricCell(metrics.find((metric) => metric.name === name)));
    return `<tr data-head="${id}"><th scope="row">${escapeHtml(title)}</th>${cells.join("")}</tr>`;
  });
  return scrollTable("Metrics of every head", head, rows);
}

function metricCell(metric: ReportHead["metrics"][number] | undefined): string {
  if (metric === undefined) return "<td>–</td>";
  const { score, nullScore, lift } = metric;
  const sort = score === null ? "" : ` data-score="${score}"`;
  return `<td${sort}><b>${threeDigits(score)}</b><small>null ${threeDigits(nullScore)}</small><small>lift ${threeDigits(lift)}</small></td>`;
}

export function labelsTable(report: Report): string {
  const rows = everyHead(report).flatMap(({ id, title, head: { labels } }) =>
    labels.map(
      ({ label, score, nullScore, threshold, evidence }) =>
        `<tr data-head="${id}" data-label="${escapeHtml(label)}"><th scope="row">${escapeHtml(title)}</th><td><span class="chip">${escapeHtml(label)}</span></td>` +
        `<td>${threeDigits(score)}</td><td>${threeDigits(nullScore)}</td><td>${threeDigits(threshold)}</td><td class="words">${escapeHtml(evidence)}</td></tr>`,
    ),
  );
  const titles = ["head", "label", "score", "null", "threshold", "evidence"];
  return scrollTable("Labels of heads", titles.map((title) => `<th scope="col">${title}</th>`).join(""), rows);
}

/** One row of a table of bars. */
interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Bars on one domain, symmetric around 0 if a value is negative; each with its number. */
function barsTable(title: string, columns: readonly [name: string, value: string], bars: readonly Bar[]): string {
  const largest = bars.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  const kind = bars.some(({ value }) => value < 0) ? "signed" : "plain";
  const rows = bars.map(({ name, value }) => {
    const share = largest === 0 ? 0 : Math.abs(value) / largest;
    const side = value < 0 ? " minus" : "";
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${threeDigits(value)}</td><td class="bars ${kind}"><i class="bar${side}" style="--share:${share.toFixed(4)}"></i></td></tr>`;
  });
  const head = `<th scope="col">${columns[0]}</th><th scope="col">${columns[1]}</th><td class="domain"><div>${domain(kind, largest)}</div></td>`;
  return scrollTable(title, head, rows);
}

function domain(kind: "signed" | "plain", largest: number): string {
  const ends = kind === "signed" ? [-largest, 0, largest] : [0, largest];
  return ends.map((end) => `<span>${threeDigits(end)}</span>`).join("");
}

export function lossesTable({ losses = [] }: Report): string {
  return barsTable(
    "Loss of each token",
    ["token", "loss"],
    losses.map(({ token, loss }) => ({ name: clipLabel(visibleToken(token), 60), value: loss })),
  );
}

export function ablationTable({ ablation = [] }: Report): string {
  return barsTable(
    "Ablation",
    ["without", "change"],
    ablation.map(({ name, change }) => ({ name, value: change })),
  );
}

export function attributionTable({ attribution }: Report): string {
  return barsTable("Attribution", ["component", "value"], attribution?.components ?? []);
}

export function patchingTable({ patching }: Report): string {
  const bars = (patching?.heads ?? []).flatMap(({ name, restored }) => (restored === null ? [] : [{ name, value: restored }]));
  return barsTable("Patching", ["patched", "restored"], bars);
}
