/** What the page asks its service worker. */
export type OfflineRequest =
  /** Store the whole build; `entry` is the URL of the page's own code. */
  | { readonly ask: "store"; readonly entry: string }
  /** Count the other pages of this build, or of the one before. */
  | { readonly ask: "count" }
  /** Take over from the worker of the build before, unless it still serves other pages. */
  | { readonly ask: "take over" };

/** The answer to "store". */
export interface StoreAnswer {
  /** Whether all files are stored. */
  readonly stored: boolean;
  /** Whether the page is of the build that the worker serves. */
  readonly isSameBuild: boolean;
}

/** The answer to "count" and to "take over". */
export interface PagesAnswer {
  /** How many other pages have to be closed before a new build can be used. */
  readonly otherPages: number;
}
