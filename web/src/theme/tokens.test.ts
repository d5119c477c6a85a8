import { expect, test } from "vitest";
import { dark, light, mustRead } from "./tokens";

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG 2.2, between 1 and 21. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

test.each(mustRead)("%s can be read on %s", (text, background) => {
  expect(contrast(light[text], light[background])).toBeGreaterThanOrEqual(4.5);
  expect(contrast(dark[text], dark[background])).toBeGreaterThanOrEqual(4.5);
});
