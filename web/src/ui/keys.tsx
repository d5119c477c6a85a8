import { Modal } from "antd";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTexts } from "../language";
import { answersItself, typing } from "./keyTargets";
import { texts } from "./texts";
import css from "./ui.module.css";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it: "j", "?", "Escape". */
  key: string;
  does: string;
  run: () => void;
}

let registered: readonly (readonly Shortcut[])[] = [];
const listeners = new Set<() => void>();

function register(shortcuts: readonly Shortcut[]): () => void {
  registered = [...registered, shortcuts];
  for (const listener of listeners) listener();
  return () => {
    registered = registered.filter((each) => each !== shortcuts);
    for (const listener of listeners) listener();
  };
}

/**
 * Keys of a page, off while somebody types or a dialog is open. Enter and Space belong to the button or link that
 * has the focus. `?` lists them.
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const said = shortcuts.map(({ key, does }) => `${key} ${does}`).join("\n");
  useEffect(() => {
    const leave = register(latest.current);
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (typing(target) || answersItself(target, event.key)) return;
      const dialogs = document.querySelectorAll("[role=dialog]");
      if ([...dialogs].some((dialog) => dialog.checkVisibility())) return;
      const hit = latest.current.find((each) => each.key === event.key);
      if (hit === undefined) return;
      event.preventDefault();
      hit.run();
    };
    document.addEventListener("keydown", press);
    return () => {
      leave();
      document.removeEventListener("keydown", press);
    };
  }, [said]);
}

/** The dialog behind `?`. Stands once, in the shell. */
export function ShortcutHelp() {
  const t = useTexts(texts);
  const [open, setOpen] = useState(false);
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registered,
  );
  useShortcuts([{ key: "?", does: t.shortcuts, run: () => setOpen(true) }]);
  return (
    <Modal open={open} title={t.shortcuts} footer={null} onCancel={() => setOpen(false)} width={420}>
      <dl className={css.keys}>
        {all.flat().map(({ key, does }) => (
          <div key={key + does} style={{ display: "contents" }}>
            <dt>
              <kbd>{key.length === 1 ? key.toUpperCase() : key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
