import type { ComponentChildren, JSX } from "preact";

interface NoticeProps {
  readonly kind: "plain" | "bad";
  /** What happened. */
  readonly sentence: string;
  /** What that means, and what the reader can do. */
  readonly children: ComponentChildren;
  readonly action: string;
  readonly onAction: () => void;
}

/** A message above a room, with what the reader can do about it. */
export function Notice({ kind, sentence, children, action, onAction }: NoticeProps): JSX.Element {
  return (
    <div class={kind === "bad" ? "notice bad" : "notice"} role={kind === "bad" ? "alert" : "status"}>
      <p>
        <strong>{sentence}</strong> {children}
      </p>
      <button type="button" class="plain-button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
