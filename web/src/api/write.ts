import { useRef, useState } from "react";
import { type Answer, type AnyInput, call, type Given, type Method, newKey, type PathOf } from "./client";
import { Problem } from "./problem";
import { refresh } from "./read";

export type WriteMethod = Exclude<Method, "get">;

/** One call for writes, with an idempotency key. Raises Problem. Components use `useWrite`. */
export async function write<M extends WriteMethod, P extends PathOf<M>>(
  method: M,
  path: P,
  ...[input, key]: [...Given<P, M>, key?: string]
): Promise<Answer<P, M>> {
  return (await call(method, path, (input as AnyInput | undefined) ?? {}, {
    headers: { "Idempotency-Key": (key as string | undefined) ?? newKey() },
  })) as Answer<P, M>;
}

export interface Write<P extends PathOf<M>, M extends WriteMethod> {
  /** The answer, or undefined after a problem, which then stands in `problem`. */
  run: (...given: Given<P, M>) => Promise<Answer<P, M> | "failed">;
  pending: boolean;
  problem: Problem | undefined;
}

/**
 * A write as a button needs it: `run` once, `pending` meanwhile, the `problem` afterwards. What is listed in
 * `refreshes` is read again. Pressing again after a failure repeats the same call under the same key, so a
 * call whose answer was lost is not done twice.
 *
 *     const take = useWrite("post", "/api/v1/openings/{opening_id}/take", { refreshes: ["/api/v1/openings"] });
 *     <Button loading={take.pending} onClick={() => void take.run({ path: { opening_id } })}>
 */
export function useWrite<M extends WriteMethod, P extends PathOf<M>>(
  method: M,
  path: P,
  options: { refreshes?: string[]; onProblem?: (problem: Problem) => void } = {},
): Write<P, M> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const failed = useRef<{ said: string; key: string }>(undefined);

  const run = async (...given: Given<P, M>): Promise<Answer<P, M> | "failed"> => {
    const said = JSON.stringify(given);
    const key = failed.current?.said === said ? failed.current.key : newKey();
    setPending(true);
    setProblem(undefined);
    try {
      const answer = await call(method, path, (given[0] as AnyInput | undefined) ?? {}, {
        headers: { "Idempotency-Key": key },
      });
      failed.current = undefined;
      refresh(...(options.refreshes ?? []));
      return answer as Answer<P, M>;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Only a call that got no answer may have been done: a refusal is final and a new try is a new call.
      failed.current = error.status === 0 ? { said, key } : undefined;
      setProblem(error);
      options.onProblem?.(error);
      return "failed";
    } finally {
      setPending(false);
    }
  };
  return { run, pending, problem };
}
