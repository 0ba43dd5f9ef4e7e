import type { Answer, Method, Methods, PlainError, Port, Progress } from "./protocol.ts";

/** What the other end answered instead of a value. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code: PlainError["code"];
  readonly stage: PlainError["stage"];
  readonly step: PlainError["step"];

  constructor({ code, stage, message, step }: PlainError) {
    super(message);
    this.code = code;
    this.stage = stage;
    this.step = step;
  }
}

/** A page's end of a session. */
export class Connection {
  private readonly waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private requests = 0;

  /**
   * @param port - a worker that serves a session
   * @param onProgress - told how far reading and running are
   */
  constructor(
    private readonly port: Port,
    private readonly onProgress: (progress: Progress) => void,
  ) {
    port.onmessage = ({ data }: MessageEvent<Answer>) => this.receive(data);
  }

  /**
   * Asks for something.
   *
   * @throws SessionError what went wrong at the other end, or that the connection was closed
   */
  call<M extends Method>(method: M, args: Methods[M]["args"]): Promise<Methods[M]["value"]> {
    const id = ++this.requests;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.postMessage({ id, method, args });
    });
  }

  /** Ends all that is waited for; the worker itself is the caller's to end. */
  close(error: PlainError): void {
    this.port.onmessage = null;
    for (const { reject } of this.waiting.values()) reject(new SessionError(error));
    this.waiting.clear();
  }

  private receive(answer: Answer): void {
    if (answer.kind === "progress") {
      this.onProgress(answer.progress);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.kind === "reply") waiting?.resolve(answer.value as never);
    else waiting?.reject(new SessionError(answer.error));
  }
}
