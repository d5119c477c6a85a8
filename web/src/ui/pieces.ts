export interface Hit {
  start: number;
  end: number;
  severity: "block" | "ask" | "warn";
}

export interface Piece {
  text: string;
  /** The gravest of what was found there; absent for a text nobody minds. */
  severity?: Hit["severity"];
}

const grave = { block: 3, ask: 2, warn: 1 } as const;

/** A text in pieces, in order and without loss: what is minded stands alone. Hits may overlap. */
export function pieces(text: string, hits: readonly Hit[]): Piece[] {
  const edges = new Set([0, text.length]);
  for (const { start, end } of hits) edges.add(Math.min(start, text.length)).add(Math.min(end, text.length));
  const cuts = [...edges].sort((one, other) => one - other);
  const found: Piece[] = [];
  for (const [index, from] of cuts.entries()) {
    const till = cuts[index + 1];
    if (till === undefined || till === from) continue;
    const over = hits.filter((hit) => hit.start <= from && hit.end >= till);
    const severity = over.map((hit) => hit.severity).sort((one, other) => grave[other] - grave[one])[0];
    const last = found.at(-1);
    if (last && last.severity === severity) last.text += text.slice(from, till);
    else found.push({ text: text.slice(from, till), ...(severity && { severity }) });
  }
  return found;
}
