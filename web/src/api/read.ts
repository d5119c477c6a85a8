import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import { type Answer, type AnyInput, call, type Given, type PathOf } from "./client";
import { Problem } from "./problem";

/** Reads: fresh for ten seconds, tried again only where the way, not the answer, failed. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failed, error) =>
        failed < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
      networkMode: "always",
    },
  },
});

export type Read<T> = UseQueryResult<T, Problem>;

export interface ReadOptions {
  /** False: not yet, for example until an id is known. */
  when?: boolean;
  /** Read again every so many milliseconds; prefer a live topic where there is one. */
  every?: number;
}

const keyOf = (path: string, input: AnyInput | undefined) => [path, input ?? {}] as const;

/**
 * One hook for reads. The answer's type follows from the path.
 *
 *     const openings = useRead("/api/v1/openings", { query: { tab: "all" } });
 *     return <Reading of={openings}>{(page) => ...}</Reading>;
 */
export function useRead<P extends PathOf<"get">>(
  path: P,
  ...[input, options]: [...Given<P, "get">, options?: ReadOptions]
): Read<Answer<P, "get">> {
  return useQuery<Answer<P, "get">, Problem>({
    queryKey: keyOf(path, input as AnyInput),
    queryFn: ({ signal }) =>
      call("get", path, (input as AnyInput | undefined) ?? {}, { signal }) as Promise<Answer<P, "get">>,
    enabled: (options as ReadOptions | undefined)?.when ?? true,
    refetchInterval: (options as ReadOptions | undefined)?.every ?? false,
    placeholderData: keepPreviousData,
  });
}

type ItemOf<A> = A extends { items: (infer I)[] } ? I : never;

export interface ReadPages<I> {
  items: I[];
  read: Read<I[]>;
  more: (() => void) | undefined;
  loadingMore: boolean;
}

/** A list that is read page by page through its `next` cursor; `more` is undefined after the last page. */
export function useReadPages<P extends PathOf<"get">>(
  path: P,
  ...[input, options]: [...Given<P, "get">, options?: ReadOptions]
): ReadPages<ItemOf<Answer<P, "get">>> {
  type Item = ItemOf<Answer<P, "get">>;
  type PageOf = { items: Item[]; next?: string | null };
  const given = (input as AnyInput | undefined) ?? {};
  const query = useInfiniteQuery({
    queryKey: [...keyOf(path, given), "pages"],
    queryFn: ({ pageParam, signal }) =>
      call(
        "get",
        path,
        { ...given, query: { ...given.query, cursor: pageParam } },
        { signal },
      ) as Promise<PageOf>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: PageOf) => last.next ?? undefined,
    enabled: (options as ReadOptions | undefined)?.when ?? true,
    refetchInterval: (options as ReadOptions | undefined)?.every ?? false,
    placeholderData: keepPreviousData,
    select: (all) => all.pages.flatMap((page) => page.items),
  });
  return {
    items: query.data ?? [],
    read: query as unknown as Read<Item[]>,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    loadingMore: query.isFetchingNextPage,
  };
}

/** Have what is on screen under these paths read again. A path stands for all below it. */
export function refresh(...stale: string[]): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [path] }) =>
      typeof path === "string" && stale.some((each) => path === each || path.startsWith(`${each}/`)),
  });
}

/** What a door beside the API says of itself (`/readyz`), whatever its status; null where it does not answer. */
export function useProbe<T>(path: string, every: number): T | null | undefined {
  return useQuery<T | null>({
    queryKey: [path],
    queryFn: async ({ signal }) => {
      try {
        return (await (await fetch(path, { signal })).json()) as T;
      } catch {
        return null;
      }
    },
    refetchInterval: every,
  }).data;
}
