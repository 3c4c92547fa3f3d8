/** A process that keeps a fake rig until it is ended: FOLDER SITE RIG [as JSON, parts of its hello]. */

import { placesOf } from "../../../src/api/place.js";
import { serveKeeper } from "../../../src/api/server.js";
import { RealClock } from "../../../src/base/clock.js";
import { randomStream } from "../../../src/base/random.js";
import { Admission } from "../../../src/verb/admit.js";
import { FakeKeeper, fakeHello } from "./fake-keeper.js";

const [, , stateFolder = "", site = "", rig = "", also = "{}"] = process.argv;
const clock = new RealClock();
const [place] = placesOf({ env: {}, stateFolder, isNamed: true }, site, rig);
const keeper = new FakeKeeper(fakeHello(site, rig, JSON.parse(also)));
const admission = new Admission(keeper, clock, randomStream(1, "token"));
if (place === undefined) throw new Error("no place");
await serveKeeper(admission, place, clock);
process.stdout.write(`serving ${place.socket}\n`);
process.on("SIGTERM", () => process.exit(0));
