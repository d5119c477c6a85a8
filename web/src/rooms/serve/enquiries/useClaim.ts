import { useWrite } from "../../../api";
import { useTexts } from "../../../language";
import { useTell } from "../../../ui";
import { texts } from "../texts";
import { useRefusal } from "../useRefusal";

const STALE = ["/api/v1/enquiries"];

/** Claiming and declining an offer; `claim` says whether it is his now. A lost race is told with its winner. */
export function useClaim() {
  const t = useTexts(texts);
  const tell = useTell();
  const refused = useRefusal();
  const claiming = useWrite("post", "/api/v1/enquiries/{enquiry_id}/claim", {
    refreshes: STALE,
    onProblem: refused,
  });
  const declining = useWrite("post", "/api/v1/enquiries/{enquiry_id}/decline", {
    refreshes: STALE,
    onProblem: refused,
  });
  const claim = async (enquiry_id: string): Promise<boolean> => {
    if ((await claiming.run({ path: { enquiry_id } })) === "failed") return false;
    tell.done(t.claimed);
    return true;
  };
  const decline = async (enquiry_id: string): Promise<void> => {
    if ((await declining.run({ path: { enquiry_id } })) !== "failed") tell.done(t.declined);
  };
  return { claim, decline, pending: claiming.pending || declining.pending };
}
