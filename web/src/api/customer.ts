import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Answer, type AnyInput, call, type Given, type Method, newKey, type PathOf } from "./client";
import type { Problem } from "./problem";
import { queries, type Read, type ReadOptions } from "./read";

/** The API as one customer calls it, with a token of the firm's server. */
export interface CustomerApi {
  readonly token: string;
  readonly customerId: string;
}

const keyOf = (api: CustomerApi | undefined, path: string, input?: AnyInput) =>
  [`customer:${api?.customerId}`, path, input ?? {}] as const;

/** `useRead` for a customer; nothing is read while there is no token. */
export function useCustomerRead<P extends PathOf<"get">>(
  api: CustomerApi | undefined,
  path: P,
  ...[input, options]: [...Given<P, "get">, options?: ReadOptions]
): Read<Answer<P, "get">> {
  const given = (input as AnyInput | undefined) ?? {};
  const when = (options as ReadOptions | undefined)?.when ?? true;
  return useQuery<Answer<P, "get">, Problem>({
    queryKey: keyOf(api, path, given),
    queryFn: ({ signal }) =>
      call("get", path, given, { signal, token: api?.token }) as Promise<Answer<P, "get">>,
    enabled: when && api !== undefined,
    refetchInterval: (options as ReadOptions | undefined)?.every ?? false,
    placeholderData: keepPreviousData,
  });
}

/** A customer's call that changes something. Raises Problem. */
export async function customerWrite<M extends Exclude<Method, "get">, P extends PathOf<M>>(
  api: CustomerApi,
  method: M,
  path: P,
  ...[input]: Given<P, M>
): Promise<Answer<P, M>> {
  return (await call(method, path, (input as AnyInput | undefined) ?? {}, {
    token: api.token,
    headers: { "Idempotency-Key": newKey() },
  })) as Answer<P, M>;
}

/** Have what is on this customer's screen under these paths read again. */
export function refreshCustomer(api: CustomerApi, ...stale: string[]): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [who, path] }) =>
      who === `customer:${api.customerId}` && typeof path === "string" && stale.includes(path),
  });
}
