import type { View } from 'vega';

/** As the site's pages say it of a replay. */
export interface Replay {
  /** The last moment, and how far apart two are; in seconds. */
  last: number;
  step: number;
  /** What is to be said from a moment on. */
  said: [from: number, sentence: string][];
}

/** How long a whole replay takes at least, in ms: one of half a second would be over before it is seen. */
const LEAST_MS = 6000;

/** A button that plays, a slider, and what there is to see at the moment, in words. */
export function replayControls(view: View, replay: Replay, place: HTMLElement): void {
  const controls = new Controls(place, replay);
  const show = inTurn(async (moment: number) => {
    await view.signal('t', moment).runAsync();
  });
  const move = (moment: number) => {
    controls.say(moment);
    show(moment);
  };
  const player = new Player(replay.last, move, (plays) => controls.playing(plays));
  controls.slider.addEventListener('input', () => {
    player.stop();
    move(Number(controls.slider.value));
  });
  controls.button.addEventListener('click', () => player.toggle(Number(controls.slider.value)));
  controls.say(replay.last);
}

class Controls {
  readonly button = document.createElement('button');
  readonly slider = document.createElement('input');
  private readonly clock = document.createElement('output');
  private readonly sentence = document.createElement('p');

  constructor(
    place: HTMLElement,
    private readonly replay: Replay,
  ) {
    const bar = document.createElement('div');
    bar.className = 'replay';
    this.button.type = 'button';
    Object.assign(this.slider, { type: 'range', min: 0, max: replay.last, step: replay.step });
    this.slider.setAttribute('aria-label', 'Moment of the run');
    bar.append(this.button, this.slider, this.clock);
    place.append(bar, this.sentence);
    this.playing(false);
  }

  playing(plays: boolean): void {
    this.button.textContent = plays ? '❚❚ Pause' : '▶ Play';
  }

  say(moment: number): void {
    const time = moment.toFixed(2);
    const sentence = this.replay.said.findLast(([from]) => from <= moment)?.[1] ?? '';
    this.slider.value = String(moment);
    this.slider.setAttribute('aria-valuetext', `${time} seconds. ${sentence}`);
    this.clock.textContent = `${time} s`;
    if (this.sentence.textContent !== sentence) this.sentence.textContent = sentence;
  }
}

class Player {
  private frame: number | undefined;

  constructor(
    private readonly last: number,
    private readonly move: (moment: number) => void,
    private readonly onChange: (plays: boolean) => void,
  ) {}

  toggle(from: number): void {
    if (this.frame !== undefined) this.stop();
    else this.play(from >= this.last ? 0 : from);
  }

  stop(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.onChange(false);
  }

  private play(from: number): void {
    const perMs = Math.min(1 / 1000, this.last / LEAST_MS);
    const began = performance.now();
    const tick = (now: number) => {
      const moment = Math.min(this.last, from + Math.max(0, now - began) * perMs);
      this.move(moment);
      if (moment < this.last) this.frame = requestAnimationFrame(tick);
      else this.stop();
    };
    this.onChange(true);
    this.frame = requestAnimationFrame(tick);
  }
}

/** Does one after the other; of those that come meanwhile only the last. */
function inTurn(act: (moment: number) => Promise<void>): (moment: number) => void {
  let wanted: number | undefined;
  let isBusy = false;
  return async (moment) => {
    wanted = moment;
    if (isBusy) return;
    isBusy = true;
    for (let next = wanted; wanted !== undefined; next = wanted ?? next) {
      wanted = undefined;
      await act(next);
    }
    isBusy = false;
  };
}
