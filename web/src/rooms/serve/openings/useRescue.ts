import { useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { useTell } from "../../../ui";
import { texts } from "../texts";
import { useRefusal } from "../useRefusal";

const STALE = ["/api/v1/rescues", "/api/v1/openings"];

/** Taking and putting back, each with its word to the person. `take` says whether it is his now. */
export function useRescue() {
  const t = useTexts(texts);
  const tell = useTell();
  const refused = useRefusal();
  const taking = useWrite("post", "/api/v1/openings/{opening_id}/take", {
    refreshes: STALE,
    onProblem: refused,
  });
  const releasing = useWrite("post", "/api/v1/openings/{opening_id}/release", {
    refreshes: STALE,
    onProblem: refused,
  });

  const release = async (opening_id: string): Promise<void> => {
    if ((await releasing.run({ path: { opening_id } })) !== "failed") tell.done(t.released);
  };
  const take = async (opening_id: string): Promise<boolean> => {
    if ((await taking.run({ path: { opening_id } })) === "failed") return false;
    tell.undoable(t.taken, () => void release(opening_id));
    return true;
  };
  return { take, release, pending: taking.pending || releasing.pending };
}
