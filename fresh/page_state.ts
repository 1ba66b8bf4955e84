import type { Encoded } from "./props_encode.ts";

/** The id of the JSON script through which the server talks to the browser. */
export const PAGE_STATE_ID = "fresh-state";

export interface PageState {
  readonly buildId: string;
  /** By the number in the comments `fresh:0` and `/fresh:0` around the island's nodes. */
  readonly islands: readonly { readonly module: string; readonly props: Encoded }[];
  readonly signals: readonly Encoded[];
}

/** JSON that no HTML parser can take for the end of the script. */
export function toScriptJson(state: PageState): string {
  return JSON.stringify(state).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
