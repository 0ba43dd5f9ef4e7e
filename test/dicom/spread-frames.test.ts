import { describe, expect, test, vi } from "vitest";
import type { FrameSize } from "../../src/dicom/codecs/codec.ts";
import { answerRequests, type ThreadRequest } from "../../src/dicom/frame-thread.ts";
import { type DecodePool, spreadFrames, type ThreadHost } from "../../src/dicom/spread-frames.ts";

const SIZE: FrameSize = { rows: 2, columns: 2, bitsAllocated: 8 };

/** A run length frame of four pixels of one value; -1 makes a damaged one. */
function frameOf(value: number): Uint8Array {
  const header = Uint8Array.of(1, 0, 0, 0, 64, ...Array<number>(59).fill(0));
  return Uint8Array.of(...header, ...(value < 0 ? [] : [0xfd, value]));
}

/** A thread of this test's own, which answers when it is told to. */
class Stand {
  readonly asked: ThreadRequest[] = [];
  readonly held: (() => void)[] = [];
  ended = false;
  die: () => void = () => {};

  /** Answers all that it was asked. */
  answer(): void {
    for (const give of this.held.splice(0)) give();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function poolOf(threads: number): { pool: DecodePool; stands: Stand[] } {
  const stands: Stand[] = [];
  const host: ThreadHost = {
    turn,
    start(onAnswer, onEnd) {
      const stand = new Stand();
      stands.push(stand);
      stand.die = onEnd;
      const answer = answerRequests((message) => stand.held.push(() => onAnswer(message)));
      return {
        post(request) {
          stand.asked.push(request);
          void answer(request);
        },
        end() {
          stand.ended = true;
        },
      };
    },
  };
  return { pool: spreadFrames(threads, host), stands };
}

/** A pool whose threads are all ready for frames. */
async function readyPool(threads: number): Promise<{ pool: DecodePool; stands: Stand[] }> {
  const { pool, stands } = poolOf(threads);
  await pool.prepare("rle");
  for (const stand of stands) {
    await vi.waitFor(() => expect(stand.held).toHaveLength(1));
    stand.answer();
  }
  return { pool, stands };
}

/** Waits until a thread was given so many frames and has decoded them. */
async function given({ asked, held }: Stand, frames: number): Promise<void> {
  await vi.waitFor(() => expect(held).toHaveLength(frames));
  expect(asked.slice(1)).toHaveLength(frames);
}

async function valuesOf(pool: DecodePool, values: readonly number[]): Promise<number[]> {
  const frames = values.map((value) => pool.decode("rle", frameOf(value), SIZE));
  return (await Promise.all(frames)).map(({ bytes }) => bytes[0]!);
}

const SEVEN = [1, 2, 3, 4, 5, 6, 7];

describe("frames are spread over threads", () => {
  test("none is started before a frame is announced, and those that start hold nothing up", async () => {
    const { pool, stands } = poolOf(2);
    expect(stands).toHaveLength(0);
    await pool.prepare("rle");
    expect(stands).toHaveLength(2);
    expect(await valuesOf(pool, SEVEN)).toEqual(SEVEN);
    expect(stands.map(({ asked }) => asked)).toEqual([[{ encoding: "rle" }], [{ encoding: "rle" }]]);
  });

  test("each is given two at a time once it is ready, and the calling thread decodes the others", async () => {
    const { pool, stands } = await readyPool(2);
    const frames = SEVEN.map((value) => pool.decode("rle", frameOf(value), SIZE));
    for (const stand of stands) await given(stand, 2);
    const [first, second, third, fourth, ...others] = frames;
    expect((await Promise.all(others)).map(({ bytes }) => bytes[0])).toEqual([5, 6, 7]);
    for (const stand of stands) stand.answer();
    const handedOut = await Promise.all([first!, second!, third!, fourth!]);
    expect(handedOut.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3, 4]);
  });

  test("what a thread finds damaged is an error of that frame alone", async () => {
    const { pool, stands } = await readyPool(1);
    const damaged = pool.decode("rle", frameOf(-1), SIZE);
    const sound = pool.decode("rle", frameOf(9), SIZE);
    const expected = expect(damaged).rejects.toThrow("A run length segment ends too early");
    await given(stands[0]!, 2);
    stands[0]!.answer();
    await expected;
    expect((await sound).bytes).toEqual(Uint8Array.of(9, 9, 9, 9));
  });

  test("what a thread had when it died is decoded here, and so is all that follows", async () => {
    const { pool, stands } = await readyPool(1);
    const all = valuesOf(pool, SEVEN);
    await given(stands[0]!, 2);
    stands[0]!.die();
    expect(await all).toEqual(SEVEN);
    expect(await valuesOf(pool, SEVEN)).toEqual(SEVEN);
    expect(stands).toHaveLength(1);
  });

  test("where no thread can be started all is decoded here", async () => {
    const start = (): never => {
      throw new Error("forbidden");
    };
    expect(await valuesOf(spreadFrames(3, { turn, start }), SEVEN)).toEqual(SEVEN);
  });

  test("the end of the pool ends the threads and whatever is waited for", async () => {
    const { pool, stands } = await readyPool(1);
    const waiting = pool.decode("rle", frameOf(1), SIZE);
    const expected = expect(waiting).rejects.toThrow("the decoder was ended");
    await given(stands[0]!, 1);
    pool.end();
    await expected;
    expect(stands[0]!.ended).toBe(true);
  });
});
