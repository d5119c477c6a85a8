import { App } from "antd";
import type { Problem } from "../../api";
import { useTexts } from "../../language";
import { useTell } from "../../ui";
import { politely } from "./refusals";
import { texts } from "./texts";

/** Tells why something was refused: as plain news where somebody else was faster, as an error otherwise. */
export function useRefusal(): (problem: Problem) => void {
  const t = useTexts(texts);
  const tell = useTell();
  const { message } = App.useApp();
  return (problem) => {
    const news = politely(problem, t);
    if (news === undefined) tell.problem(problem);
    else void message.info(news);
  };
}
