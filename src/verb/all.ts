/** All verbs of a kept rig, and their schemas as files (`wearout schema export`). */
import { Strict, type TSchema } from "../base/schema.js";
import { alarmVerbs } from "./alarm.js";
import { Answer } from "./answer.js";
import { Hello, News } from "./keeps.js";
import { limitVerbs } from "./limit.js";
import { RigPicture } from "./picture.js";
import { rigVerbs } from "./rig.js";
import { runVerbs } from "./run.js";
import type { VerbSpec } from "./verb.js";

export const allVerbs = [...runVerbs, ...rigVerbs, ...alarmVerbs, ...limitVerbs] as const;
/** `run hold`, ... */
export type VerbName = (typeof allVerbs)[number]["verb"];

/** Undefined for what is no verb of a kept rig. */
export function verbNamed(name: string): VerbSpec | undefined {
  return allVerbs.find(({ verb }) => verb === name);
}

/** One document for each noun, with input and output of its verbs, and those that come by themselves. */
export const verbDocuments: readonly TSchema[] = [
  Answer,
  Hello,
  News,
  RigPicture,
  ...(["run", "rig", "alarm", "limit"] as const).map(nounDocument),
];

function nounDocument(noun: string): TSchema {
  const own = allVerbs.filter(({ verb }) => verb.startsWith(`${noun} `));
  const parts = own.map(({ verb, says, input, output }): [string, TSchema] => [
    verb.slice(noun.length + 1),
    Strict({ input, output }, { description: says }),
  ]);
  return Strict(Object.fromEntries(parts), { $id: `verb-${noun}`, title: `${noun} verbs` });
}
