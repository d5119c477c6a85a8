import { useQuery } from "@tanstack/react-query";
import type { Role } from "../language";
import { type Answer, call, carry, whenSignedOut } from "./client";
import { Problem } from "./problem";
import { queries } from "./read";

const PATH = "/api/v1/session";
const KEY = [PATH];

export type Session = NonNullable<Answer<typeof PATH, "get">>;
export type Staff = Session["staff"];

whenSignedOut(() => {
  carry(undefined);
  queries.setQueryData(KEY, null);
});

async function load(): Promise<Session | null> {
  try {
    // 204 or 401: nobody is signed in.
    const session = ((await call("get", PATH, {})) as Session | undefined) ?? null;
    carry(session?.csrf);
    return session;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** The session: undefined while it is read, null when nobody is signed in. */
export function useSession() {
  return useQuery<Session | null, Problem>({
    queryKey: KEY,
    queryFn: load,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Who is signed in. Only below the shell, which shows nothing to strangers. */
export function useStaff(): Staff {
  const { data } = useSession();
  if (!data) throw new Error("useStaff is for pages inside the shell, where somebody is signed in");
  return data.staff;
}

/** What a session may do, by the names the server gives. */
export type Permission =
  | "approval:read"
  | "approve"
  | "audit:read"
  | "catalogue:edit"
  | "catalogue:read"
  | "tag:read"
  | "tag:refresh"
  | "segment:read"
  | "segment:author"
  | "cockpit:read"
  | "consent:keep"
  | "credit:dispute"
  | "credit:judge"
  | "credit:read"
  | "credit:rule:edit"
  | "customer:read"
  | "customer:unmask"
  | "decision:read"
  | "delivery:read"
  | "enquiry:claim"
  | "enquiry:read"
  | "enquiry:supervise"
  | "event:read"
  | "experiment:edit"
  | "experiment:read"
  | "import:read"
  | "key:keep"
  | "knowledge:author"
  | "knowledge:read"
  | "measure:analyse"
  | "measure:read"
  | "opening:read"
  | "people:admin"
  | "people:read"
  | "policy:keep"
  | "policy:read"
  | "quarantine:keep"
  | "rescue:assign"
  | "rescue:take"
  | "suitability:read"
  | "template:author"
  | "template:read"
  | "wording:check";

/** Whether the signed-in person may do this. The server decides; this only hides what it would refuse. */
export function useMay(permission: Permission): boolean {
  const { data } = useSession();
  return data?.permissions.includes(permission) ?? false;
}

/** Whether the signed-in person has one of these roles. The server decides; this only hides what it would refuse. */
export function useHasRole(...wanted: Role[]): boolean {
  return useStaff().roles.some((role) => (wanted as string[]).includes(role));
}

/** The live topic of what this person may see: the branch he chose, else all, or his only one; null for none. */
export function useScopedTopic(prefix: string, branch: string): string | null {
  const { branch_ids: seen } = useStaff();
  if (branch) return `${prefix}:${branch}`;
  if (seen === null) return `${prefix}:all`;
  return seen.length === 1 ? `${prefix}:${seen[0]}` : null;
}

/** Raises Problem, with status 401 for a wrong name or password and 429 after too many tries. */
export async function signIn(login: string, password: string): Promise<void> {
  const session = (await call("post", PATH, { body: { login, password } })) as Session;
  carry(session.csrf);
  become(session);
}

/** Be one of the demo's staff, as the tour wants it. Raises Problem: 403 from another machine. */
export async function takeSeat(login: string): Promise<void> {
  const session = (await call("post", "/api/v1/demo/session", { body: { login } })) as Session;
  carry(session.csrf);
  become(session);
}

export async function signOut(): Promise<void> {
  await call("delete", PATH, {});
  carry(undefined);
  become(null);
}

/** Forgets what another person has read. The session's own entry stays: the shell is looking at it. */
function become(session: Session | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== PATH });
  queries.setQueryData(KEY, session);
}
