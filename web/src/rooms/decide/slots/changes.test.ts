import { expect, test } from "vitest";
import { changed, fieldTime, filledOf, isoTime, sent } from "./changes";
import type { Item } from "./fits";

const item: Item = {
  code: "p1",
  version: 3,
  kind: "product",
  name_zh: "产品",
  name_en: "Product",
  text_zh: "",
  text_en: "",
  link: "",
  image: "",
  product_kind: null,
  risk_level: 2,
  term_days: 0,
  term: "short",
  asset_class: "cash",
  goal: null,
  permission: null,
  qualified_only: false,
  professional_only: false,
  min_age: null,
  max_age: null,
  minimum: "1000.00",
  currency: "CNY",
  sale_from: "2026-03-09T16:00:00Z",
  sale_until: null,
  topics: ["cash"],
  weight: 0.5,
  active: true,
  edited_by: "x",
  edited_at: null,
};

test("exchange times come back from the field as they went in", () => {
  for (let hour = 0; hour < 400; hour++) {
    const at = new Date(Date.UTC(2026, 1, 20, hour, 37)).toISOString();
    expect(isoTime(fieldTime(at))).toBe(at);
  }
  expect(fieldTime("2026-03-09T16:00:00Z")).toBe("2026-03-10T00:00");
  expect([fieldTime(null), isoTime("")]).toEqual(["", null]);
});

test("only what differs is sent", () => {
  const filled = filledOf(item);
  expect(changed(filled, item)).toEqual({});
  expect(changed({ ...filled, weight: 0.7, topics: ["cash", "new"] }, item)).toEqual({
    weight: 0.7,
    topics: ["cash", "new"],
  });
  expect(changed({ ...filled, minimum: "", sale_from: "" }, item)).toEqual({
    minimum: null,
    sale_from: null,
  });
  expect(sent({ ...filled, text_zh: "" }).text_zh).toBe("");
});
