import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Offline } from "./offline.js";

/** Offers a new build once it is ready. */
export function UpdateNotice({ offline }: { readonly offline: Pick<Offline, "update" | "reloadToUpdate"> }): JSX.Element {
  const isHidden = useSignal(false);
  const update = offline.update.value;
  return (
    <div role="status">
      {update !== undefined && !isHidden.value && (
        <div class="update-notice">
          <p>A new version is ready.{blockedBy(update.otherPages)}</p>
          <button type="button" class="plain-button" onClick={() => void offline.reloadToUpdate()}>
            Reload
          </button>
          <button type="button" class="plain-button" onClick={() => (isHidden.value = true)}>
            Later
          </button>
        </div>
      )}
    </div>
  );
}

function blockedBy(otherPages: number): string {
  if (otherPages === 0) return "";
  return ` Close the playground in ${otherPages === 1 ? "the other tab" : `the ${otherPages} other tabs`} first.`;
}
