import { attributionTable, ablationTable, labelsTable, lossesTable, metricsTable, patchingTable, section } from "./tables.js";
import { checkReport } from "./check-report.js";
import { escapeHtml, scriptJson } from "./html.js";
import { isPacked, packMap, topCount, wholeMapCells } from "./pack-map.js";
import { pageScript, pageScriptHash } from "../../generated/page-script.js";
import type { Payload } from "./payload.js";
import type { Report } from "./report.js";
import { pageStyle } from "./style.js";
import { threeDigits } from "../text/numbers.js";

/**
 * A report as one HTML file that works from a disk: no network, no other file, no library.
 *
 * It shows all heads as a grid of small maps on one scale from 0 to 1; the chosen head beside it with its tokens, metrics
 * and labels; and the tables of the report. It works with a keyboard and a screen reader, on a phone and in the dark. A
 * policy in the file forbids every script but its own, and tokens are only ever text.
 *
 * All maps together are stored with 2²² cells at most. A map beyond its share of them is stored as the largest weight of
 * each block and the 8 largest weights of each row, and the page says so.
 *
 * @returns the text of the file, for UTF-8
 * @throws ShapeError when a map does not have the sizes that its tokens or its arrays say
 * @throws ValueError when a part of the report has the wrong type, a number is not finite, or a weight is outside 0 to 1
 */
export function toHtml(report: Report): string {
  checkReport(report);
  const title = escapeHtml(report.title);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${pageScriptHash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${pageStyle}</style></head>
<body><header><div><h1>${title}</h1>${about(report)}</div><button id="theme" type="button" hidden>Dark</button></header>
<main>${headsSection(report)}${tables(report)}</main>
<script type="application/json" id="payload">${scriptJson(payloadOf(report))}</script>
<script>${pageScript}</script></body></html>
`;
}

function about({ model, text, tokens, notes = [] }: Report): string {
  const named = model === undefined ? "" : `${escapeHtml(model)} · `;
  const quote = text === undefined || text === "" ? "" : `<blockquote class="quote panel"><bdi>${escapeHtml(text)}</bdi></blockquote>`;
  const list = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("");
  return `<p class="model">${named}${tokens.length} tokens</p>${quote}${list && `<ul class="notes">${list}</ul>`}`;
}

function headsSection(report: Report): string {
  const heads = report.layers.reduce((sum, layer) => sum + layer.heads.length, 0);
  if (heads === 0) return "";
  return `<div class="heads"><section class="panel" id="heads" aria-labelledby="heads-title"><h2 id="heads-title">${heads} heads</h2>
<p class="intro">In each map, a row (query) attends to columns (keys); the first token is at the top left. All maps have one scale.${packedNote(report)}</p>
<noscript><p>The maps need JavaScript. The tables below do not.</p></noscript></section>
<section class="panel" id="detail" aria-label="The chosen head" hidden></section></div>`;
}

function packedNote({ layers }: Report): string {
  const maps = layers.flatMap(({ heads }) => heads.map(({ map }) => map));
  const limit = wholeMapCells(maps.length);
  const pooled = maps.filter((map) => (isPacked(map) ? map.pool > 1 : map.rows * map.columns > limit)).length;
  if (pooled === 0) return "";
  return ` ${pooled === maps.length ? "The maps are" : `${pooled} maps are`} too large to be stored whole (more than ${limit} cells each): this page has the largest weight of each block of cells, and the exact ${topCount} largest weights of each row.`;
}

function tables(report: Report): string {
  const [metrics, labels] = [
    section("metrics", "Metrics", metricsIntro, metricsTable(report)),
    section("labels", "Labels", labelsIntro, labelsTable(report)),
  ];
  const lens = report.lens === undefined ? "" : section("lens", "Lens", lensIntro, '<div id="lens-table"></div>');
  const bars = [
    section("losses", "Loss", "The loss of each token in nats, given the tokens before it.", lossesTable(report)),
    section("attribution", "Attribution", attributionIntro(report), attributionTable(report)),
    section("ablation", "Ablation", "How much the loss rises without a part; below 0 it falls.", ablationTable(report)),
    section("patching", "Patching", patchingIntro(report), patchingTable(report)),
  ];
  return `<div class="side">${metrics}${labels}</div>${lens}<div class="side">${bars.join("")}</div>`;
}

const metricsIntro =
  "Below each score: the score of uniform attention under the same mask (null), and how far the score is on the way from there to 1 (lift).";
const labelsIntro = "A rule gives a label when the score reaches the threshold. Attention is not an explanation: test a label by ablation.";
const lensIntro =
  "The most probable next token that each layer predicts at each position, its probability, and the entropy of the prediction in nats.";

function attributionIntro({ attribution }: Report): string {
  return attribution === undefined ? "" : `The parts of ${escapeHtml(attribution.target)}, ${threeDigits(attribution.logit)}.`;
}

function patchingIntro({ patching }: Report): string {
  if (patching === undefined) return "";
  const { measure, clean, corrupt } = patching;
  return `How much of ${escapeHtml(measure)} comes back when one head's output is put into the run of the second text: ${threeDigits(clean)} there, ${threeDigits(corrupt)} here; 1 is all of it.`;
}

function payloadOf({ tokens, layers, lens }: Report): Payload {
  const limit = wholeMapCells(layers.reduce((sum, layer) => sum + layer.heads.length, 0));
  return {
    lens: lens ?? null,
    layers: layers.map(({ label, rowTokens = tokens, columnTokens = tokens, heads }) => ({
      label,
      rowTokens,
      columnTokens,
      heads: heads.map(({ head, map, metrics, labels }) => ({ head, metrics, labels, map: isPacked(map) ? map : packMap(map, limit) })),
    })),
  };
}
