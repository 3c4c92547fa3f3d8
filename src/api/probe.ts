/** Does anybody listen? Asked before all that speaks to a keeper is loaded: making a rig safe waits for nothing. */
import { connect } from "node:net";
import { type Clock, withDeadline } from "../base/clock.js";
import { type Place, withAddress } from "./place.js";

/** Who does not even refuse by then is somebody. */
const lookWithinMs = 1000;

/** False only where there is no such socket, or nobody behind it. */
export async function isAnybodyThere(places: readonly Place[], clock: Clock): Promise<boolean> {
  const looks = places.map(({ socket }) =>
    withDeadline(clock, lookAt(socket), lookWithinMs, () => "late"),
  );
  const found = await Promise.all(looks);
  return found.some((word) => word !== "ENOENT" && word !== "ECONNREFUSED");
}

function lookAt(socket: string): Promise<string> {
  return new Promise((resolve) => {
    try {
      const peer = withAddress(socket, (address) => connect({ path: address }));
      const found = (word: string) => {
        peer.destroy();
        resolve(word);
      };
      peer.once("connect", () => found("open"));
      peer.once("error", (error: NodeJS.ErrnoException) => found(error.code ?? error.message));
    } catch (error) {
      resolve((error as NodeJS.ErrnoException).code ?? "");
    }
  });
}
