import type { Stage } from "../errors.ts";

/** Knows which stage is running and how long each took. */
export class StageClock {
  private readonly began = performance.now();
  private entered = this.began;
  private readonly spent = new Map<Stage, number>();
  private running: Stage = "read";

  /** @param onStage - told of every stage that begins */
  constructor(private readonly onStage: (stage: Stage) => void = () => {}) {
    onStage("read");
  }

  /** The stage that is running. */
  get stage(): Stage {
    return this.running;
  }

  /** Ends the stage that is running and begins another. */
  enter(stage: Stage): void {
    this.settle();
    this.running = stage;
    this.onStage(stage);
  }

  /** Milliseconds since the clock was made. */
  elapsed(): number {
    return performance.now() - this.began;
  }

  /** Milliseconds a stage so far, to a hundredth. */
  laps(): Partial<Record<Stage, number>> {
    this.settle();
    return Object.fromEntries([...this.spent].map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
  }

  private settle(): void {
    const now = performance.now();
    this.spent.set(this.running, (this.spent.get(this.running) ?? 0) + now - this.entered);
    this.entered = now;
  }
}
