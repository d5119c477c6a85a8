import { useStaff } from "../../api";

/** The topic that carries what this person may see live: the branch he chose, all, or his only one; else none. */
export function useScopedTopic(prefix: string, branch: string): string | null {
  const { branch_ids: seen } = useStaff();
  if (branch) return `${prefix}:${branch}`;
  if (seen === null) return `${prefix}:all`;
  return seen.length === 1 ? `${prefix}:${seen[0]}` : null;
}
