/** A model that can be opened, by the name of its folder. */
export interface ListedModel {
  readonly name: string;
  readonly title: string;
}
