import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const distance = 16;
const margin = 8;

/** A box beside the pointer that stays within the window. */
export function Tooltip({ x, y, children }: { readonly x: number; readonly y: number; readonly children: ComponentChildren }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const left = x + distance + width > innerWidth - margin ? x - distance - width : x + distance;
    const top = y + distance + height > innerHeight - margin ? y - distance - height : y + distance;
    element.style.transform = `translate(${Math.max(margin, left)}px, ${Math.max(margin, top)}px)`;
  });
  return (
    <div ref={ref} class="tooltip" role="tooltip">
      {children}
    </div>
  );
}
