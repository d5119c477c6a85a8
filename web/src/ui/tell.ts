import { App, Button } from "antd";
import { createElement } from "react";
import type { Problem } from "../api";
import { useTexts } from "../language";
import { useExplained } from "./states";
import { texts } from "./texts";

export interface Asking {
  title: string;
  /** Names what will happen, to how many customers. */
  consequence: string;
  action: string;
  danger?: boolean;
}

/** Short words to the person: `done`, `problem`, `undoable`, and `ask` before what cannot be undone. */
export function useTell() {
  const { message, modal } = App.useApp();
  const explain = useExplained();
  const t = useTexts(texts);
  return {
    done: (text: string) => void message.success(text),
    problem: (problem: Problem) => void message.error(explain(problem)),
    undoable: (text: string, undo: () => void) => {
      const key = String(Math.random());
      const button = createElement(
        Button,
        {
          type: "link",
          size: "small",
          onClick: () => {
            message.destroy(key);
            undo();
          },
        },
        t.undo,
      );
      message.success({ key, duration: 8, content: createElement("span", null, text, " ", button) });
    },
    ask: ({ title, consequence, action, danger = false }: Asking): Promise<boolean> =>
      new Promise((resolve) => {
        modal.confirm({
          title,
          content: consequence,
          okText: action,
          cancelText: t.cancel,
          okButtonProps: { danger },
          autoFocusButton: danger ? "cancel" : "ok",
          onOk: () => resolve(true),
          onCancel: () => resolve(false),
        });
      }),
  };
}
