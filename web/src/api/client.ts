import { Problem, type ProblemBody } from "./problem";
import type { paths } from "./schema";

export type Method = "get" | "post" | "put" | "patch" | "delete";
export type Path = keyof paths;
/** The paths that have this method. */
export type PathOf<M extends Method> = {
  [P in Path]: paths[P] extends { [K in M]: object } ? P : never;
}[Path];

type Operation<P extends Path, M extends Method> = paths[P] extends { [K in M]: infer O } ? O : never;
type Parameters<O> = O extends { parameters: infer A } ? A : never;
type Part<A, N extends string> = A extends { [K in N]?: infer V } ? V : undefined;
type JsonOf<R> = R extends { content: { "application/json": infer J } } ? J : undefined;

export type Answer<P extends Path, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? {
        [S in keyof R]: S extends 200 | 201 | 202 ? JsonOf<R[S]> : S extends 204 ? undefined : never;
      }[keyof R]
    : never;

type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : O extends { requestBody?: { content: { "application/json": infer B } } }
    ? { body?: B }
    : { body?: undefined };
type Query<O> =
  Parameters<O> extends { query: infer Q } ? { query: Q } : { query?: Part<Parameters<O>, "query"> };
type InPath<O> =
  Part<Parameters<O>, "path"> extends infer V
    ? V extends object
      ? { path: V }
      : { path?: undefined }
    : never;

/** What a call must be given: `path` and `body` where the operation has them, `query` where it may. */
export type Input<P extends Path, M extends Method> = InPath<Operation<P, M>> &
  Query<Operation<P, M>> &
  Body<Operation<P, M>>;

/** Absent only where nothing is required. */
export type Given<P extends Path, M extends Method> =
  Record<never, never> extends Input<P, M> ? [input?: Input<P, M>] : [input: Input<P, M>];

export interface AnyInput {
  path?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
}

let csrf: string | undefined;
let onSignedOut: () => void = () => undefined;

/** The session's CSRF token, sent with every write from now on. */
export function carry(token: string | undefined): void {
  csrf = token;
}

/** Called when the server says that nobody is signed in any more. */
export function whenSignedOut(run: () => void): void {
  onSignedOut = run;
}

/** "/openings/{id}" and its values as an address; absent and empty query values are left out. */
export function address(path: string, input: AnyInput): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.path?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null && each !== "") query.append(name, String(each));
  }
  return query.size > 0 ? `${filled}?${query}` : filled;
}

/** An id for calls that may be repeated; `crypto.randomUUID` is missing where the page is not on HTTPS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return Problem.of(JSON.parse(text) as ProblemBody);
  } catch {
    return Problem.of({
      type: `urn:bihuan:problem:http-${response.status}`,
      title: response.statusText,
      status: response.status,
      detail: "",
      instance: response.headers.get("x-request-id") ?? undefined,
    });
  }
}

/** `token`: a customer's, who calls instead of the signed-in member of staff. */
export interface CallOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  token?: string;
}

/** One HTTP call; the JSON of the answer, undefined for an empty one. Raises Problem and nothing else. */
export async function call(
  method: Method,
  path: string,
  input: AnyInput,
  options: CallOptions = {},
): Promise<unknown> {
  const { token } = options;
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  else if (method !== "get" && csrf !== undefined) headers["X-CSRF-Token"] = csrf;
  if (input.body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(address(path, input), {
      method: method.toUpperCase(),
      headers,
      body: input.body === undefined ? undefined : JSON.stringify(input.body),
      credentials: token === undefined ? "same-origin" : "omit",
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.offline();
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && token === undefined && path !== "/api/v1/session") onSignedOut();
    throw problem;
  }
  return response.status === 204 ? undefined : response.json();
}
