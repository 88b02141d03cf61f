const [width, height] = [800, 460];
const area = { left: 84, right: 560, top: 70, bottom: 400 };
const colours = ["#d1495b", "#1d6996", "#2a9d8f", "#e09f3e"];
const style = `text { font: 13px system-ui, sans-serif; fill: #333 } .title { font-size: 16px; font-weight: 600 } .grid { stroke: #ddd } .axis { stroke: #888 }`;

/** An SVG of lines on logarithmic axes. */
export function lineChart({ title, subtitle, xLabel, unit, lines }) {
  const points = lines.flatMap((line) => line.points);
  const x = scale(
    points.map(([n]) => n),
    [area.left, area.right],
    2,
  );
  const y = scale(
    points.map(([, value]) => value),
    [area.bottom, area.top],
    10,
  );
  const parts = [
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(area.left, 26, title, 'class="title"'),
    text(area.left, 46, subtitle),
    ...y.ticks.map(
      (value) =>
        `${rule(area.left, y.of(value), area.right, y.of(value), "grid")}${text(area.left - 8, y.of(value) + 4, number(value), 'text-anchor="end"')}`,
    ),
    ...x.ticks.map(
      (n) => `${rule(x.of(n), area.bottom, x.of(n), area.bottom + 5, "axis")}${text(x.of(n), area.bottom + 20, n, 'text-anchor="middle"')}`,
    ),
    rule(area.left, area.bottom, area.right, area.bottom, "axis"),
    text((area.left + area.right) / 2, area.bottom + 44, xLabel, 'text-anchor="middle"'),
    text(area.left - 8, area.top - 10, unit, 'text-anchor="end"'),
    ...lines.map((line, index) => drawn(line, colours[index % colours.length], x, y)),
    ...labels(lines, y).map(({ name, at, colour }) => text(area.right + 10, at + 4, name, `style="fill: ${colour}"`)),
  ];
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"><title>${escaped(title)}</title><style>${style}</style>`;
  return `${opening}\n${parts.join("\n")}\n</svg>\n`;
}

function drawn({ points }, colour, x, y) {
  const places = points.map(([n, value]) => [x.of(n).toFixed(1), y.of(value).toFixed(1)]);
  const path = places.map((place) => place.join(",")).join(" ");
  const dots = places.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3" fill="${colour}"/>`).join("");
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`;
}

/** Names beside the ends of their lines, moved apart where they would touch. */
function labels(lines, y) {
  const ends = lines.map(({ name, points }, index) => ({ name, at: y.of(points.at(-1)[1]), colour: colours[index % colours.length] }));
  const sorted = ends.toSorted((a, b) => a.at - b.at);
  for (const [index, label] of sorted.entries()) if (index > 0) label.at = Math.max(label.at, sorted[index - 1].at + 18);
  return sorted;
}

/** Powers of `base` that enclose the values, and where each value lies on the way from `from` to `to`. */
function scale(values, [from, to], base) {
  const logarithm = (value) => Math.log(value) / Math.log(base);
  const first = Math.floor(logarithm(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(logarithm(Math.max(...values)) - 1e-9));
  return {
    ticks: Array.from({ length: last - first + 1 }, (_, index) => base ** (first + index)),
    of: (value) => from + ((to - from) * (logarithm(value) - first)) / (last - first),
  };
}

const number = (value) => (value >= 1 ? String(Math.round(value)) : String(Number(value.toPrecision(1))));
const rule = (x1, y1, x2, y2, name) => `<line x1="${x1}" y1="${y1.toFixed(1)}" x2="${x2}" y2="${y2.toFixed(1)}" class="${name}"/>`;
const text = (x, y, content, attributes = "") =>
  `<text x="${x}" y="${y.toFixed?.(1) ?? y}" ${attributes}>${escaped(String(content))}</text>`;
const escaped = (content) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
