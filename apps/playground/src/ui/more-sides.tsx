import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect } from "preact/hooks";

interface MoreSidesProps {
  /** What scrolls sideways. */
  readonly box: RefObject<HTMLElement | null>;
  /** CSS class beside that of the signs. */
  readonly kind: string;
  readonly children: ComponentChildren;
}

interface Hidden {
  readonly left: boolean;
  readonly right: boolean;
}

/** A frame around what scrolls sideways, with a shadow and an arrow on each side where there is more. */
export function MoreSides({ box, kind, children }: MoreSidesProps): JSX.Element {
  const hidden = useSignal<Hidden>({ left: false, right: false });
  useEffect(() => {
    const element = box.current!;
    const measure = (): void => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      const next = { left: scrollLeft > 1, right: scrollLeft + clientWidth < scrollWidth - 1 };
      if (next.left !== hidden.value.left || next.right !== hidden.value.right) hidden.value = next;
    };
    const watch = new ResizeObserver(measure);
    for (const each of [element, ...element.children]) watch.observe(each);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);
  return (
    <div class={`more-sides ${kind}`} data-more-left={hidden.value.left} data-more-right={hidden.value.right}>
      {children}
    </div>
  );
}
