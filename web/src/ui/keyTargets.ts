/** What the browser, or the piece itself, acts upon when Enter or Space is pressed while it has the focus. */
const CONTROLS = [
  "a[href]",
  "button",
  "summary",
  ...[
    "button",
    "link",
    "option",
    "menuitem",
    "menuitemradio",
    "menuitemcheckbox",
    "tab",
    "radio",
    "checkbox",
    "switch",
    "combobox",
    "slider",
    "treeitem",
  ].map((role) => `[role=${role}]`),
].join(",");

/** Whether a key pressed here is already an answer to what has the focus, and no shortcut of the page. */
export function answersItself(target: Pick<Element, "closest">, key: string): boolean {
  return (key === "Enter" || key === " ") && target.closest(CONTROLS) !== null;
}

/** Whether somebody is typing here. */
export function typing(target: Pick<HTMLElement, "isContentEditable" | "tagName">): boolean {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
