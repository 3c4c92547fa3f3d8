/** Alarms in words, in both languages: states, priorities, refusals, and one alarm as a sentence. */
import type { EpochMs } from "../base/clock.js";
import { formatDuration } from "../base/quantity.js";
import type { AlarmRefusal } from "../limit/alarm/ask.js";
import type { AlarmRow } from "../limit/alarm/row.js";
import { longestBypassMs, mostBypasses } from "../limit/alarm/service.js";
import { longestShelfMs } from "../limit/alarm/shelf.js";
import type { AlarmState, RefusalCode } from "../limit/alarm/state.js";
import type { Guidance, Priority } from "../limit/limit.js";
import { type Language, languages } from "./words.js";

type Both = readonly [en: string, zh: string];

const states: { readonly [S in AlarmState]: Both } = {
  normal: ["normal", "正常"],
  unacknowledged: ["not acknowledged", "未确认"],
  acknowledged: ["acknowledged", "已确认"],
  "returned-unacknowledged": ["returned, not acknowledged", "已恢复，未确认"],
  shelved: ["shelved", "已搁置"],
  "out-of-service": ["out of service", "已停用"],
};

const priorityWords: { readonly [P in Priority]: Both } = {
  low: ["low", "低"],
  medium: ["medium", "中"],
  high: ["high", "高"],
  urgent: ["urgent", "紧急"],
};

const refusals: { readonly [C in RefusalCode]: Both } = {
  "is-normal": ["there is no such alarm", "没有该报警"],
  "is-acknowledged": ["it is acknowledged already", "该报警已确认"],
  "has-returned": ["it has returned already", "该报警已恢复"],
  "is-shelved": ["it is shelved: unshelve it first", "该报警已搁置：请先取消搁置"],
  "is-not-shelved": ["it is not shelved", "该报警未搁置"],
  "is-out-of-service": [
    "it is out of service: return it to service first",
    "该报警已停用：请先恢复使用",
  ],
  "is-bypassed": ["its limit is bypassed: restore it first", "其限值已旁路：请先恢复"],
  "is-in-service": ["it is in service", "该报警处于使用状态"],
  "came-since": [
    "it was raised after you looked: look at it, then acknowledge it",
    "该报警在您查看之后触发：请查看后再确认",
  ],
  "may-not-be-shelved": [
    "a trip and what is urgent is never shelved",
    "跳闸报警和紧急报警不得搁置",
  ],
  "shelf-too-long": [
    `an alarm is shelved for at most ${formatDuration(longestShelfMs)} and more than no time`,
    `搁置时间须大于零且不超过 ${longestShelfMs / 3_600_000} 小时`,
  ],
  "no-reason": ["say the reason", "请说明原因"],
  "may-not-be-bypassed": [
    "overspeed, over-temperature and the safety chain are never bypassed",
    "超速、超温和安全链限值不得旁路",
  ],
  "bypass-too-long": [
    `a limit is bypassed for at most ${formatDuration(longestBypassMs)} and more than no time`,
    `旁路时间须大于零且不超过 ${longestBypassMs / 3_600_000} 小时`,
  ],
  "too-many-bypasses": [
    `${mostBypasses} limits of a rig are bypassed at most: restore one first`,
    `每台架最多旁路 ${mostBypasses} 个限值：请先恢复一个`,
  ],
  "no-second-person": ["name a second person who agrees", "请写明同意旁路的第二人"],
};

function inLanguage(both: Both, language: Language): string {
  return both[languages.indexOf(language)]!;
}

export function stateWords(state: AlarmState, language: Language): string {
  return inLanguage(states[state], language);
}

export function priorityWord(priority: Priority, language: Language): string {
  return inLanguage(priorityWords[priority], language);
}

/** `s2 vibration-high: it is acknowledged already` */
export function alarmRefusalWords(refusal: AlarmRefusal, language: Language): string {
  const colon = language === "zh" ? "：" : ": ";
  return `${alarmName(refusal)}${colon}${refusalWords(refusal.code, language)}`;
}

/** `it is acknowledged already` */
export function refusalWords(code: RefusalCode, language: Language): string {
  return inLanguage(refusals[code], language);
}

/** `s2 vibration-high` */
export function alarmName({ limit, station }: Pick<AlarmRow, "limit" | "station">): string {
  return station === null ? limit : `${station} ${limit}`;
}

/** What to do about it, in the other language where only that was written. */
export function guidanceWords(guidance: Guidance, language: Language): string {
  const { en, zh } = guidance;
  return (language === "zh" ? (zh ?? en) : (en ?? zh)) ?? "";
}

/**
 * `high, not acknowledged, first out: s2 vibration-high: vibration 30 mm/s above 11 mm/s; 3 times since
 * 2026-11-30 13:45`: one alarm as one sentence, times as `showTime` has them. What `text` says stays as it was
 * written down.
 */
export function alarmSentence(
  row: AlarmRow,
  language: Language,
  showTime: (wall: EpochMs) => string,
): string {
  const isEnglish = language === "en";
  const head = [priorityWord(row.priority, language), stateWords(row.state, language)];
  if (row.isFirstOut) head.push(isEnglish ? "first out" : "首出");
  const parts = [
    row.text === "" ? alarmName(row) : row.text,
    ...detailsOf(row, showTime).map((both) => inLanguage(both, language)),
  ];
  return (
    head.join(isEnglish ? ", " : "，") +
    (isEnglish ? ": " : "：") +
    parts.join(isEnglish ? "; " : "；")
  );
}

function detailsOf(row: AlarmRow, showTime: (wall: EpochMs) => string): Both[] {
  return [
    ...raisedWords(row, showTime),
    ...returnedWords(row, showTime),
    ...wordOf(row, showTime),
    ...shelfWords(row, showTime),
    ...serviceWords(row),
    ...unwatchedWords(row),
  ];
}

type ShowTime = (wall: EpochMs) => string;

function raisedWords({ raisedAt, count }: AlarmRow, showTime: ShowTime): Both[] {
  if (raisedAt === null) return [];
  const since = showTime(raisedAt.wall);
  if (count === 1) return [[`since ${since}`, `自 ${since}`]];
  return [[`${count} times since ${since}`, `自 ${since} 起共 ${count} 次`]];
}

function returnedWords({ returnedAt, unwatched }: AlarmRow, showTime: ShowTime): Both[] {
  if (returnedAt === null || unwatched !== null) return [];
  const at = showTime(returnedAt.wall);
  return [[`returned ${at}`, `${at} 恢复`]];
}

function wordOf({ acknowledgedAt, acknowledgedBy }: AlarmRow, showTime: ShowTime): Both[] {
  if (acknowledgedAt === null || acknowledgedBy === null) return [];
  const at = showTime(acknowledgedAt.wall);
  return [[`acknowledged by ${acknowledgedBy} ${at}`, `${acknowledgedBy} 于 ${at} 确认`]];
}

function shelfWords({ shelf, stands }: AlarmRow, showTime: ShowTime): Both[] {
  if (shelf === null) return [];
  const { by, reason, since, lengthMs } = shelf;
  const until = showTime(since.wall + lengthMs);
  return [
    [`shelved by ${by} until ${until}: ${reason}`, `${by} 搁置至 ${until}：${reason}`],
    stands ? ["it stands now", "目前仍存在"] : ["it does not stand now", "目前不存在"],
  ];
}

function serviceWords({ outOfService }: AlarmRow): Both[] {
  if (outOfService === null) return [];
  const { by, reason } = outOfService;
  return [[`out of service by ${by}: ${reason}`, `${by} 停用：${reason}`]];
}

function unwatchedWords({ unwatched }: AlarmRow): Both[] {
  if (unwatched === null) return [];
  return [[`no longer looked at: ${unwatched}`, `不再监视：${unwatched}`]];
}
