import { innerProduct, type Matrix, multiply, transpose } from "./matrix.js";

/** A matrix of low rank, as the product of two factors: left `[rows, rank]` · right `[rank, columns]`. */
export interface FactoredMatrix {
  readonly left: Matrix;
  readonly right: Matrix;
}

/** A factored matrix with the Gram matrices of its factors, each `[rank, rank]`, from which norms of products follow. */
export interface Gram extends FactoredMatrix {
  /** leftᵀ left */
  readonly leftGram: Matrix;
  /** right rightᵀ */
  readonly rightGram: Matrix;
  /** ‖left right‖_F */
  readonly norm: number;
}

export function withGrams({ left, right }: FactoredMatrix): Gram {
  const leftGram = multiply(transpose(left), left);
  const rightGram = multiply(right, transpose(right));
  return { left, right, leftGram, rightGram, norm: root(innerProduct(leftGram, rightGram)) };
}

export function transposed({ left, right, leftGram, rightGram, norm }: Gram): Gram {
  return { left: transpose(right), right: transpose(left), leftGram: rightGram, rightGram: leftGram, norm };
}

/**
 * ‖L R‖_F of two factored matrices. With M = L.right R.left, its square is Σ (L.leftᵀ L.left M) ∘ (M R.right R.rightᵀ), so that
 * no matrix is larger than the factors.
 */
export function normOfProduct(first: Gram, second: Gram): number {
  const middle = multiply(first.right, second.left);
  return root(innerProduct(multiply(first.leftGram, middle), multiply(middle, second.rightGram)));
}

/** The root of a sum of squares, which rounding may make negative. */
function root(square: number): number {
  return Math.sqrt(Math.max(0, square));
}
