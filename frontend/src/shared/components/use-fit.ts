import { type RefObject, useLayoutEffect, useState } from "react";

/**
 * How much a bar leaves out so that nothing of it is cut off: the first level at which it is no wider than its place,
 * or the last.
 *
 * The level stands at the bar as `data-fit`, where its styles hide what it leaves out; it is known before anything is
 * painted. `content` changes with what the bar holds; `levels` must stay the same array.
 */
export function useFit<Level extends string>(
  bar: RefObject<HTMLElement | null>,
  levels: readonly [Level, ...Level[]],
  content: string,
): Level {
  const [fit, setFit] = useState<Level>(levels[0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the bar holds has changed with its content
  useLayoutEffect(() => {
    const element = bar.current;
    if (!element) return;
    const measure = () => {
      const found = levels.find((level) => {
        element.dataset.fit = level;
        return element.scrollWidth <= element.clientWidth;
      });
      setFit(found ?? (levels.at(-1) as Level));
    };
    measure();
    // Fonts and the size of text change the parts and not the bar.
    const parts = [element, ...element.children];
    const measured = new Map(parts.map((one) => [one, one.getBoundingClientRect().width]));
    let frame = 0;
    const observer = new ResizeObserver((changes) => {
      // The first time it tells of what was measured just now.
      const isNew = changes.some(
        ({ target, borderBoxSize: [size] }) => measured.get(target) !== size?.inlineSize,
      );
      measured.clear();
      if (!isNew) return;
      cancelAnimationFrame(frame);
      // In a frame of its own: what is hidden for it changes sizes that are just being told of.
      frame = requestAnimationFrame(measure);
    });
    for (const one of parts) observer.observe(one);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [bar, levels, content]);
  return fit;
}
