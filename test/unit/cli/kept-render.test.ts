import { describe, expect, it } from "vitest";
import { renderKept, wholePicture } from "../../../src/cli/kept/render.js";
import { width } from "../../../src/cli/output.js";
import { painter } from "../../../src/cli/view/live-render.js";
import type { RigPicture } from "../../../src/verb/picture.js";
import { fakeAlarm, fakePicture } from "../api/fake-keeper.js";

const paint = painter(false);

/** Four stations of four roles, as many alarms. */
function full(): RigPicture {
  const small = fakePicture("bearing-four", { simulated: true });
  const stations = ["s1", "s2", "s3", "s4"].map((station) => {
    return { ...small.run!.stations[0]!, station, specimen: `B-00${station}` };
  });
  const roles = ["vibration", "housing-temperature", "ring-temperature", "torque"];
  const readings = stations.flatMap(({ station }) =>
    roles.map((role) => ({ ...small.readings[1]!, role, station })),
  );
  return {
    ...small,
    run: { ...small.run!, stations },
    readings: [small.readings[0]!, ...readings],
    alarms: stations.map(({ station }) => fakeAlarm({ id: `vibration@${station}`, station })),
  };
}

describe("the picture of a kept rig", () => {
  it("is whole where there is room: setpoints, ceilings, limits, exposure, alarms", () => {
    const whole = wholePicture(full(), paint);
    expect(renderKept(full(), paint, 200, 60)).toEqual(whole);
    const text = whole.join("\n");
    expect(text).toMatch(/role +reading +setpoint +ceiling +limits/);
    expect(text).toMatch(/station +specimen .*vibration +housing-temperature/);
    expect(text).toContain("30 s or more at stress");
  });

  it("keeps state, stations and SIMULATED on a terminal of 80 columns and 24 rows", () => {
    const lines = renderKept(full(), paint, 80, 23);
    expect(lines.length).toBeLessThanOrEqual(23);
    for (const line of lines) expect(width(line), line).toBeLessThan(80);
    const text = lines.join("\n");
    for (const word of ["Execute", "SIMULATED", "B-00s1", "B-00s4", "speed 3000 rpm"]) {
      expect(text).toContain(word);
    }
  });

  it("is whole on a narrow terminal too, where it is looked at once: no line is wider", () => {
    const lately = [`run resume by root refused: ${"s1 is suspect ".repeat(12)}end`];
    const lines = wholePicture({ ...full(), lately }, painter(true), 80);
    for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(80);
    const text = lines.join("\n");
    for (const word of [
      "setpoint",
      "3000 rpm",
      "at stress",
      "B-00s4",
      "alarm vibration@s4",
      "end",
    ]) {
      expect(text).toContain(word);
    }
  });

  it("says of a reading that is not good what is the matter and how old it is", () => {
    const [speed] = fakePicture("a").readings;
    const readings = [
      { ...speed!, quality: "held" as const, ageMs: 12_000 },
      { ...speed!, role: "load", quality: "bad" as const, value: null, ageMs: null },
    ];
    const text = wholePicture(fakePicture("a", { readings }), paint).join("\n");
    expect(text).toContain("held 3000 rpm (12 s old)");
    expect(text).toMatch(/load +bad/);
  });

  it("says of what was safe when it was last seen that nobody sees it now", () => {
    const [speed] = fakePicture("a").readings;
    const safety = [
      { role: "speed", device: "drive", level: "held" as const, acted: true, text: "speed held" },
    ];
    const at = (quality: "good" | "bad") =>
      wholePicture(fakePicture("a", { safety, readings: [{ ...speed!, quality }] }), paint);
    expect(at("good").join("\n")).toMatch(/speed \(drive\): held$/m);
    expect(at("bad").join("\n")).toContain(
      "held when it was last looked at; its reading is bad now",
    );
  });

  it("tells a reason once", () => {
    const why = "no good reading of load for 3 s";
    const lately = [why, `load-lost: ${why}`, `Execute -> Aborting: ${why}`];
    const text = wholePicture(fakePicture("a", { lately }), paint).join("\n");
    expect(text.match(/Execute -> Aborting$/m)).not.toBeNull();
  });

  it("lets no text move the cursor or colour the screen", () => {
    const evil = "\u001B[2Jgone\n\u202E";
    const picture = fakePicture("a", {
      reason: evil,
      lately: [evil],
      alarms: [fakeAlarm({ text: evil })],
    });
    for (const lines of [wholePicture(picture, paint), renderKept(picture, paint, 80, 12)]) {
      expect(
        lines
          .join("")
          .split("")
          .filter((c) => c < " " || c === "\u202E"),
      ).toEqual([]);
    }
  });
});
