import { CodecError, type DecodedFrame } from "./codecs/codec.ts";
import { decodeHere, type FrameDecoder } from "./decode-frame.ts";
import type { FrameRequest, ThreadAnswer, ThreadRequest } from "./frame-thread.ts";

/** A thread that decodes, as the reader sees it. */
export interface DecodeThread {
  post(request: ThreadRequest): void;
  /** Ends it at once, busy or not. */
  end(): void;
}

/** What threads need of where they run. */
export interface ThreadHost {
  /**
   * Starts a thread.
   *
   * @param onAnswer - told of all that it says
   * @param onEnd - told when it cannot be started, or has died
   * @throws anything when there are no threads here
   */
  start(onAnswer: (answer: ThreadAnswer) => void, onEnd: () => void): DecodeThread;
  /** Resolves once messages that have come meanwhile are told. */
  turn(): Promise<unknown>;
}

/** A decoder that spreads frames over threads, this one included. */
export interface DecodePool extends FrameDecoder {
  /** Ends the other threads. */
  end(): void;
}

/** A frame that is to be decoded, and who waits for it. */
interface Job {
  readonly request: FrameRequest;
  readonly resolve: (frame: DecodedFrame) => void;
  readonly reject: (cause: unknown) => void;
}

/** Frames that a thread is given at a time: while one is decoded, the next is there. */
const AT_HAND = 2;

/**
 * Makes a decoder that spreads frames over threads.
 *
 * The calling thread decodes too: while the others are being started, whenever they have enough to
 * do, and everything where none can be started or all have died. None is started before an
 * encoding is announced or a frame comes, so that a series without compression costs nothing.
 *
 * @param threads - number of threads beside this one
 */
export function spreadFrames(threads: number, host: ThreadHost): DecodePool {
  let helpers: Helper[] | undefined;
  const jobs: Job[] = [];
  let isWorking = false;
  let latest = 0;

  /** Gives every thread what it has room for, the idlest first. */
  function handOut(): void {
    for (let given = 0; given < AT_HAND; given++) {
      for (const helper of helpers ?? []) {
        if (jobs.length > 0 && helper.isReady && helper.jobs.size <= given) helper.take(jobs.shift()!);
      }
    }
  }

  /** Decodes here what nobody else has room for, and looks for answers between two frames. */
  async function work(): Promise<void> {
    if (isWorking) return;
    isWorking = true;
    while (jobs.length > 0) {
      await host.turn();
      handOut();
      const job = jobs.shift();
      if (job === undefined) continue;
      const { encoding, encoded, size } = job.request;
      await decodeHere.decode(encoding, encoded, size).then(job.resolve, job.reject);
    }
    isWorking = false;
  }

  function giveBack(orphans: readonly Job[]): void {
    jobs.unshift(...orphans);
    void work();
  }

  async function prepare(encoding: FrameRequest["encoding"]): Promise<void> {
    helpers ??= Array.from({ length: threads }, () => new Helper(host, encoding, handOut, giveBack));
    await decodeHere.prepare(encoding);
  }

  return {
    parallel: AT_HAND * (threads + 1),
    prepare,
    async decode(encoding, encoded, size) {
      await prepare(encoding);
      return new Promise((resolve, reject) => {
        jobs.push({ request: { id: ++latest, encoding, encoded, size }, resolve, reject });
        void work();
      });
    },
    end() {
      const orphans = [...jobs.splice(0), ...(helpers ?? []).flatMap((helper) => helper.end())];
      helpers = undefined;
      for (const { reject } of orphans) reject(new CodecError("the decoder was ended"));
    },
  };
}

/** One of the other threads, and the frames that it has. */
class Helper {
  isReady = false;
  readonly jobs = new Map<number, Job>();
  private thread: DecodeThread | undefined;

  constructor(
    host: ThreadHost,
    encoding: FrameRequest["encoding"],
    private readonly onRoom: () => void,
    onDeath: (orphans: readonly Job[]) => void,
  ) {
    try {
      this.thread = host.start(
        (answer) => this.receive(answer),
        () => onDeath(this.end()),
      );
      this.thread.post({ encoding });
    } catch {
      // Without threads all is decoded here.
    }
  }

  take(job: Job): void {
    this.jobs.set(job.request.id, job);
    this.thread?.post(job.request);
  }

  /** Ends the thread and gives back what it had. */
  end(): Job[] {
    this.isReady = false;
    this.thread?.end();
    this.thread = undefined;
    const orphans = [...this.jobs.values()];
    this.jobs.clear();
    return orphans;
  }

  private receive(answer: ThreadAnswer): void {
    if ("ready" in answer) this.isReady = true;
    else {
      const job = this.jobs.get(answer.id);
      this.jobs.delete(answer.id);
      if ("frame" in answer) job?.resolve(answer.frame);
      else job?.reject(new CodecError(answer.error));
    }
    this.onRoom();
  }
}
