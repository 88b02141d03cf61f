/** A recipe in the list of the page, with its defaults. */
export interface ListedRecipe {
  readonly name: string;
  readonly title: string;
  readonly teaches: string;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}
