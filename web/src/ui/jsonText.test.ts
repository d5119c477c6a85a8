import { expect, test } from "vitest";
import { objectOf, setOut } from "./jsonText";

test("an object is read, everything else says why not", () => {
  expect(objectOf('{"a": [1]}')).toEqual({ value: { a: [1] } });
  for (const text of ["[]", "1", "null", '"x"']) expect(objectOf(text)).toEqual({ fault: true });
  expect(objectOf("{")).toMatchObject({ fault: true, line: 1 });
  expect(objectOf('{\n  "a": 1,\n  "b" 2\n}')).toMatchObject({ fault: true, line: 3 });
});

test("what is set out means the same; what is no JSON stays as it came", () => {
  const said = '{"b":{"c":"中文"},"a":[1,2]}';
  expect(JSON.parse(setOut(said))).toEqual(JSON.parse(said));
  expect(setOut("{oops")).toBe("{oops");
});
