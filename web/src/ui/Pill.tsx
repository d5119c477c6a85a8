import type { ReactNode } from "react";
import css from "./ui.module.css";

/** `danger` and `warn` are for what asks somebody to act; everything else is neutral. */
export type Tone = "neutral" | "accent" | "danger" | "warn" | "good";

export function Pill({
  tone = "neutral",
  dot = false,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span className={css.pill} data-tone={tone}>
      {dot && <span className={css.dot} />}
      {children}
    </span>
  );
}
