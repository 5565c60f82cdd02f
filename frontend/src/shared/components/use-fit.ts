import { type RefObject, useLayoutEffect, useState } from "react";

interface Fitted {
  content: string;
  fit: string;
  /** Of the bar and its parts. */
  widths: readonly number[];
}

/** How each kind of bar stood last: one that comes in its place, of the same widths, needs no measuring. */
const lastFits = new WeakMap<readonly string[], Fitted>();

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
  const [fit, setFit] = useState<Level>(() => lastFit(levels, content)?.fit ?? levels[0]);
  useLayoutEffect(() => {
    const element = bar.current;
    if (!element) return;
    let shown: Level = levels[0];
    const show = (level: Level) => {
      element.dataset.fit = level;
      shown = level;
    };
    const measure = () => {
      const fits = (level: Level) => {
        show(level);
        return element.scrollWidth <= element.clientWidth;
      };
      levels.find(fits);
      setFit(shown);
    };
    // Fonts and the size of text change the parts and not the bar.
    const parts = [element, ...element.children];
    const last = lastFit(levels, content);
    const isKnown = last?.widths.length === parts.length;
    if (isKnown) show(last.fit);
    else measure();
    const widths = isKnown ? last.widths : parts.map((one) => one.getBoundingClientRect().width);
    const measured = new Map(parts.map((one, place) => [one, widths[place]]));
    let frame = 0;
    const observer = new ResizeObserver((changes) => {
      // The first time it tells of what was measured or known just now.
      const isNew = changes.some(
        ({ target, borderBoxSize: [size] }) => measured.get(target) !== size?.inlineSize,
      );
      for (const {
        target,
        borderBoxSize: [size],
      } of changes)
        measured.set(target, size?.inlineSize);
      if (!isNew) {
        lastFits.set(levels, { content, fit: shown, widths: parts.map((one) => measured.get(one) ?? 0) });
        return;
      }
      lastFits.delete(levels);
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

function lastFit<Level extends string>(levels: readonly Level[], content: string) {
  const last = lastFits.get(levels);
  return last?.content === content ? { fit: last.fit as Level, widths: last.widths } : null;
}
