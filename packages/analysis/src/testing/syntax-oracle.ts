import { tensor2d } from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import type { LanguageModel } from "@tfblocks/transformer";
import type { ParsedText } from "../models.js";

/** A row that should attend to a position. */
interface Case {
  readonly weights: readonly number[];
  readonly row: number;
  readonly target: number;
}

/** The accuracies of a causal model, one text and row at a time, from the weights that the model returns. */
export async function expectedSyntax(
  model: LanguageModel,
  texts: readonly ParsedText[],
  relation: string,
  attends: "dependent" | "before",
) {
  const cases = new Map<string, Case[]>();
  for (const { ids, dependencies } of texts) {
    const { weights } = use(model.hidden(use(tensor2d([[...ids]], undefined, "int32")), { needWeights: true }));
    for (const [layer, tensor] of weights!.entries()) {
      const [heads] = (await tensor.array()) as number[][][][];
      heads!.forEach((rows, head) => {
        const found = dependencies.flatMap((each): Case[] => {
          const row = attends === "before" ? each.from - 1 : each.from;
          if (each.relation !== relation || row < 1 || each.to >= row) return []; // row 0 has only one key
          return [{ weights: rows[row]!, row, target: each.to }];
        });
        const key = `${layer} ${head}`;
        cases.set(key, [...(cases.get(key) ?? []), ...found]);
      });
    }
  }
  return [...cases].map(([key, found]) => ({ ...nameOf(key), rows: found.length, ...scores(found) }));
}

function nameOf(key: string) {
  const [layer, head] = key.split(" ").map(Number) as [number, number];
  return { attention: `layers.${layer}.attention`, head };
}

function scores(cases: readonly Case[]) {
  const share = (isHit: (each: Case) => boolean) => cases.filter(isHit).length / cases.length;
  const offsets = Array.from({ length: 25 }, (_, index) => index - 12);
  return {
    accuracy: share(({ weights, target }) => weights.indexOf(Math.max(...weights)) === target),
    baseline: Math.max(...offsets.map((offset) => share(({ row, target }) => row + offset === target))),
  };
}
