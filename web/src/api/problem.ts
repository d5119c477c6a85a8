/** An RFC 9457 problem as the server sends it; `instance` is the id to quote to an engineer. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  [extra: string]: unknown;
}

/** Something the server, or the way to it, refused. `code` is stable; `detail` says what to do next. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly id: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;

  private constructor(code: string, body: ProblemBody) {
    super(body.detail);
    this.name = "Problem";
    this.code = code;
    this.status = body.status;
    this.title = body.title;
    this.detail = body.detail;
    this.id = body.instance;
    this.body = body;
  }

  static of(body: ProblemBody): Problem {
    return new Problem(body.type.split(":").at(-1) ?? "unknown", body);
  }

  /** No answer came: the network or the server is away. Status 0. */
  static offline(): Problem {
    return new Problem("offline", { type: "offline", title: "No connection", status: 0, detail: "" });
  }

  /** Messages by field of a form that was refused; empty for any other problem. */
  fields(): ReadonlyMap<string, string> {
    const fields = this.body.fields;
    if (!Array.isArray(fields)) return new Map();
    return new Map(
      (fields as { field: string; message: string }[]).map(({ field, message }) => [
        field.replace(/^body\./, ""),
        message,
      ]),
    );
  }
}
