/** A light box seen from the front: one frame, one image. */
export function ProductMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <rect x="1.5" y="3.5" width="21" height="17" rx="2.5" stroke="var(--rr-text-dim)" strokeWidth="1.5" />
      <circle cx="12" cy="12" r="4.5" stroke="var(--rr-accent)" strokeWidth="1.8" />
      <circle cx="12" cy="12" r="1.2" fill="var(--rr-accent)" />
    </svg>
  );
}
