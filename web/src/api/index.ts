export { type Answer, type Input, newKey, type PathOf } from "./client";
export { Problem } from "./problem";
export { queries, type Read, type ReadPages, refresh, useRead, useReadPages } from "./read";
export type * from "./schema";
export { type Session, type Staff, signIn, signOut, useHasRole, useSession, useStaff } from "./session";
export { useWrite, type Write, write } from "./write";
