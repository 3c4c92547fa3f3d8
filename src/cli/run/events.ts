import type { Command } from "commander";
import { Cancel, RealClock } from "../../base/clock.js";
import { formatDuration } from "../../base/quantity.js";
import { waysOn } from "../../lab/ways-on.js";
import type { StoredEvent } from "../../record/document/event.js";
import { recordsRoot } from "../../record/folder.js";
import { openRecord } from "../../record/reader.js";
import type { RecordReader } from "../../record/reader-port.js";
import type { Shell } from "../shell.js";
import { onInterrupt } from "../signal.js";
import { EventWords } from "../view/plain-view.js";

type EventOptions = { follow?: boolean; records?: string; json?: boolean };

/** How often a followed run is looked at. */
const lookMs = 500;

export function addEvents(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("events <id>")
    .description("everything that happened, in order")
    .option("--follow", "go on with what happens, until the run ends or Ctrl-C")
    .option("--records <dir>", recordsHelp)
    .option("--json", "one JSON object per line, checkpoints included")
    .addHelpText(
      "after",
      `
Examples:
  wearout run events bearing-four-1
  wearout run events bearing-four-1 --follow
  wearout run events bearing-four-1 --json | jq 'select(.kind == "alarm")'`,
    )
    .action(shell.action((id: string, options: EventOptions) => events(shell, id, options)));
}

async function events(shell: Shell, id: string, options: EventOptions): Promise<number> {
  const reader = openRecord(recordsRoot(options.records, shell.env), id);
  const clock = new RealClock();
  const words = new EventWords();
  const stop = new Cancel();
  const stopListening = onInterrupt(() => stop.cancel());
  try {
    for (let last = 0; ; ) {
      // Asked before reading: what an ended run wrote last is then not missed.
      const over = options.follow !== true || reader.condition !== "running";
      for (const event of reader.events(last)) {
        print(shell, event, options.json === true, words);
        last = event.seq;
      }
      if (over && options.follow === true) shell.out.talk(whyOver(reader));
      if (over || stop.cancelled) return 0;
      await clock.sleep(lookMs, stop);
    }
  } finally {
    stopListening();
    reader.close();
  }
}

/** Why there is nothing more to follow. */
function whyOver({ header, condition, summary }: RecordReader): string {
  if (condition !== "interrupted")
    return `run ${header.id} has ended: ${summary?.outcome ?? condition}`;
  return `run ${header.id} was interrupted; ${waysOn(header)}`;
}

function print(shell: Shell, event: StoredEvent, asJson: boolean, words: EventWords): void {
  if (asJson) shell.out.print(JSON.stringify(event));
  else if (event.kind !== "checkpoint") {
    const at = formatDuration(event.at).padStart(12);
    shell.out.print(`${at}  ${event.kind.padEnd(12)} ${words.of(event)}`);
  }
}
