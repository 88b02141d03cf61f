/** A model that can be opened; `name` is the name of its folder. */
export interface ListedModel {
  readonly name: string;
  readonly title: string;
}
