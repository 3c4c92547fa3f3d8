import type { Clock } from "../base/clock.js";
import { formatDuration } from "../base/quantity.js";
import { type Column, good, qualities, type Readings } from "../base/sample.js";
import { type EventKind, type RecordEvent, waitsIn } from "../record/document/event.js";
import type { Observer } from "../run/pilot.js";
import { columnText } from "./column-text.js";
import type { Output } from "./output.js";

/** Kinds that are not worth a line on a screen. */
const silent: readonly EventKind[] = ["input", "checkpoint"];

/** One that somebody is waited for, or waits for, is no matter of the record alone. */
function isSilent({ kind, data }: RecordEvent): boolean {
  const isForSomebody = waitsIn({ data }) !== undefined || "answers" in data;
  return silent.includes(kind) && !isForSomebody;
}

/** What happened; for an alarm that was raised also what its limit says is to be done. */
export function eventText({
  kind,
  text,
  data,
}: Pick<RecordEvent, "kind" | "text" | "data">): string {
  const isRaised = kind === "alarm" && "change" in data && data.change === "raised";
  const { message = "" } = isRaised ? data : {};
  return message === "" ? text : `${text}. ${message}`;
}

const remembered = 6;

/** Events as sentences, one after the other: a reason that was just told is not told again. */
export class EventWords {
  #told: string[] = [];

  of(event: Pick<RecordEvent, "kind" | "text" | "data">): string {
    const whole = eventText(event);
    const [head, reason] = headAndReason(event);
    const isTold = reason !== "" && this.#told.some((text) => text.includes(reason));
    this.#told = [...this.#told, whole].slice(-remembered);
    return isTold ? head : whole;
  }
}

/** What an event says beside its reason, and the reason; none where the text is not made of both. */
function headAndReason({ kind, text }: Pick<RecordEvent, "kind" | "text">): [string, string] {
  const pattern =
    kind === "run-ended"
      ? /^(run ended: [^,]*), (.*)$/s
      : /^([^:]* -> [^:]*|interruption \d+): (.*)$/s;
  const [, head = "", reason = ""] = pattern.exec(text) ?? [];
  return [head, reason];
}

/** Plain lines on stderr: every event, and a sign of life now and then; for logs and pipes. */
export function plainObserver(
  out: Output,
  columns: readonly Column[],
  clock: Clock,
  lifeSignMs: number,
  prefix = "",
): Observer {
  let lastLineMs = clock.elapsed();
  const words = new EventWords();
  return (state, sample, events) => {
    for (const event of events) {
      if (isSilent(event)) continue;
      out.talk(
        `${prefix}${formatDuration(event.at).padStart(12)}  ${event.kind.padEnd(9)} ${words.of(event)}`,
      );
      lastLineMs = clock.elapsed();
    }
    const now = clock.elapsed();
    if (sample === undefined || now - lastLineMs < lifeSignMs) return;
    lastLineMs = now;
    const at = formatDuration(state.at).padStart(12);
    out.talk(`${prefix}${at}  ${state.packml.padEnd(9)} ${readings(columns, sample)}`);
  };
}

/** `speed 3000 rpm, load 6.8 kN, s1.vibration bad` */
export function readings(columns: readonly Column[], sample: Readings): string {
  return columns
    .map((c, i) => {
      const quality = sample.quality[i] ?? 0;
      const value = sample.values[i] ?? Number.NaN;
      return `${c.name} ${quality === good ? columnText(c, value) : qualities[quality]}`;
    })
    .join(", ");
}
