/** A figure of the ring; on hover what it was counted from and what it means. */
export function RingFigure({ value, from, means }: { value: string; from?: string; means?: string }) {
  return <span title={[from, means].filter(Boolean).join("\n") || undefined}>{value}</span>;
}
