/** The page before its first chunk has come: the right color and nothing that moves. */
export function PageSkeleton() {
  return <div className="rr-shell" aria-busy="true" />;
}
