import { refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";

/** An equation applied to shapes: a label for every dimension, those of an ellipsis included, and the size of each label. */
export interface Equation {
  readonly terms: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

const grammar =
  'one term of letters for each tensor, separated by commas, with "..." for other dimensions, optionally followed by "->" and the labels of the output';

/**
 * Parses an equation as NumPy does: without "->" the output has the dimensions of the ellipsis and then the labels that
 * occur once, in alphabetical order. Dimensions of an ellipsis broadcast.
 *
 * @throws ValueError when it is malformed, or has another number of terms than there are shapes
 * @throws ShapeError when a term does not fit its shape, or a label has two sizes
 */
export function readEquation(equation: string, shapes: readonly (readonly number[])[]): Equation {
  const sides = equation.replace(/\s/g, "").split("->");
  const written = sides[0]!.split(",");
  const malformed =
    sides.length > 2 ||
    !sides
      .join(",")
      .split(",")
      .every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term));
  if (malformed || written.length !== shapes.length) refuse(ValueError, "einsum", "equation", `${grammar} (${shapes.length})`, equation);
  const terms = shapes.map((shape, index) => labelsOf(written[index]!, shape.length));
  const sizes = sizesOf(terms, shapes);
  const output = sides.length === 2 ? labelsOf(sides[1]!, letters(sides[1]!).length + ellipsisRank(terms)) : implicitOutput(terms);
  if (new Set(output).size < output.length || !output.every((label) => sizes.has(label))) {
    refuse(ValueError, "einsum", "equation", "one whose output names each label once, and only labels of the inputs", equation);
  }
  return { terms, output, sizes };
}

/** Labels of a term; those of an ellipsis are numbered from the right, so that dimensions align as in broadcasting. */
function labelsOf(term: string, rank: number): string[] {
  const [before, after] = term.split("...") as [string, string | undefined];
  const hidden = rank - letters(term).length;
  if (hidden < 0 || (hidden > 0 && after === undefined)) {
    refuse(ShapeError, "einsum", "tensors", `of the rank of its term ${JSON.stringify(term)}`, `rank ${rank}`);
  }
  return [...before.split(""), ...Array.from({ length: hidden }, (_, index) => `.${hidden - 1 - index}`), ...(after ?? "").split("")];
}

function letters(term: string): string {
  return term.replace("...", "");
}

function isHidden(label: string): boolean {
  return label.startsWith(".");
}

function ellipsisRank(terms: Equation["terms"]): number {
  return Math.max(0, ...terms.map((labels) => labels.filter(isHidden).length));
}

function implicitOutput(terms: Equation["terms"]): string[] {
  const all = terms.flat();
  const hidden = labelsOf("...", ellipsisRank(terms));
  return [...hidden, ...all.filter((label) => !isHidden(label) && all.indexOf(label) === all.lastIndexOf(label)).toSorted()];
}

function sizesOf(terms: Equation["terms"], shapes: readonly (readonly number[])[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [index, labels] of terms.entries()) {
    for (const [axis, label] of labels.entries()) {
      const [known, size] = [sizes.get(label), shapes[index]![axis]!];
      if (known === undefined || (known === 1 && isHidden(label))) sizes.set(label, size);
      else if (size !== known && !(size === 1 && isHidden(label))) {
        refuse(ShapeError, "einsum", "tensors", `of one size for each label (${label} = ${known})`, `${label} = ${size}`);
      }
    }
  }
  return sizes;
}
