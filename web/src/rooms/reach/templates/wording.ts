/** How many text messages carry this: 70 letters in one, 67 in each of several (3GPP TS 23.040, UCS-2). */
export function smsParts(letters: number): number {
  return letters <= 70 ? 1 : Math.ceil(letters / 67);
}

/** The text with its variables filled, as a customer would see it; unknown ones stay. */
export function rendered(body: string, values: Readonly<Record<string, string>>): string {
  return body.replace(/\{([^{}]*)\}/g, (whole, name: string) => values[name] ?? whole);
}
