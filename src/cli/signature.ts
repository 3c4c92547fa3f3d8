import { hostname, userInfo } from "node:os";
import { checkedSentence } from "../base/name.js";

/** Who gives a word that is written down: a name, else the user on this machine. */
export function signature(by: string | undefined): string {
  return by === undefined ? `${userInfo().username}@${hostname()}` : checkedSentence("--by", by);
}
