export { type Answer, type Input, newKey, type PathOf } from "./client";
export { type CustomerApi, customerWrite, refreshCustomer, useCustomerRead } from "./customer";
export { Problem } from "./problem";
export { queries, type Read, type ReadPages, refresh, useProbe, useRead, useReadPages } from "./read";
export type * from "./schema";
export {
  type Permission,
  type Session,
  type Staff,
  signIn,
  signOut,
  takeSeat,
  useHasRole,
  useMay,
  useScopedTopic,
  useSession,
  useStaff,
} from "./session";
export { useWrite, type Write, write } from "./write";
