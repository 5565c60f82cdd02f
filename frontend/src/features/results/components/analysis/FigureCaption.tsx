/** The title of a figure, and smaller what explains it. */
export function FigureCaption({ caption }: { caption: string }) {
  const end = caption.indexOf(". ");
  if (end < 0) return <figcaption>{caption}</figcaption>;
  return (
    <figcaption>
      {caption.slice(0, end)}
      <span className="rr-figure-explained">{caption.slice(end + 2)}</span>
    </figcaption>
  );
}
