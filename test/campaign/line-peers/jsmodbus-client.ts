/**
 * A client over jsmodbus: writes registers and coils of unit 1 and reads them back, as
 * `jsmodbus-client.js tcp|rtu PLACE ROUNDS`; prints `{"asked":n,"good":n,"wrong":["..."]}`.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { ModbusRTUClient, ModbusTCPClient } from "jsmodbus";
import { SerialPort } from "serialport";

const registers = 20;
const coils = 16;
const timeoutMs = 1000;

async function opened(kind: string, place: string): Promise<ModbusRTUClient | ModbusTCPClient> {
  if (kind === "rtu") {
    const port = new SerialPort({ path: place, baudRate: 19_200, parity: "even" });
    await once(port, "open");
    // From Node 26.4 on serialport's events wait until the event loop turns for another reason.
    setInterval(() => {}, 5);
    return new ModbusRTUClient(port, 1, timeoutMs);
  }
  const [host, port] = place.split(":");
  const socket = connect(Number(port), host);
  const client = new ModbusTCPClient(socket, 1, timeoutMs);
  await once(socket, "connect");
  return client;
}

const client = await opened(process.argv[2]!, process.argv[3]!);
const held = new Array<number>(registers).fill(0);
const on = new Array<number>(coils).fill(0);
const tally = { asked: 0, good: 0, wrong: [] as string[] };

type Answer = { response: { body: object } };

/** The values of a read; undefined of what failed, or of a write. */
async function ask(answer: Promise<Answer>): Promise<number[] | undefined> {
  tally.asked++;
  try {
    const { body } = (await answer).response;
    tally.good++;
    return "valuesAsArray" in body
      ? Array.from(body.valuesAsArray as ArrayLike<number>)
      : undefined;
  } catch {
    return undefined;
  }
}

function compare(round: number, found: number[] | undefined, expected: readonly number[]): void {
  if (found === undefined) return;
  const isRight = expected.every((value, i) => found[i] === value);
  if (!isRight) tally.wrong.push(`round ${round}: [${found}], not [${expected}]`);
}

for (let round = 0; round < Number(process.argv[4]); round++) {
  const [at, coil] = [round % (registers - 3), round % coils];
  on[coil] = 1 - on[coil]!;
  for (let i = 0; i < 3; i++) held[at + i] = 7 * round + i;
  await ask(client.writeSingleRegister(at, 1000 + round));
  await ask(client.writeMultipleRegisters(at, held.slice(at, at + 3)));
  await ask(client.writeSingleCoil(coil, on[coil] === 1));
  compare(round, await ask(client.readHoldingRegisters(0, registers)), held);
  compare(round, await ask(client.readHoldingRegisters(at, 1)), held.slice(at, at + 1));
  compare(round, await ask(client.readCoils(0, coils)), on);
}
console.log(JSON.stringify(tally));
process.exit(0);
