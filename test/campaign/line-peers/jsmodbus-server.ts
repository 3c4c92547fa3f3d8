/** A server over jsmodbus whose values name address and question: `jsmodbus-server.js tcp|rtu PORT`. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { server as jsmodbus } from "jsmodbus";
import { SerialPort } from "serialport";
import { monotonicMs } from "../../plant/config.js";
import { marks, meterUnit, type Said } from "./question.js";

const registers = 256;

function tell(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

type Body = {
  fc: number;
  start?: number;
  address?: number;
  count?: number;
  quantity?: number;
  value?: number | boolean;
  values?: Buffer | number[];
};
type Asked = { body: Body };

const memory = {
  coils: Buffer.alloc(registers / 8),
  discrete: Buffer.alloc(registers / 8),
  holding: Buffer.alloc(2 * registers),
  input: Buffer.alloc(2 * registers),
};
let n = 0;

/** Memory as it is for this question, which is told. */
function mark({ body }: Asked): void {
  n++;
  const { fc: code, start: address = 0, count = 0 } = body;
  for (let at = address; at < address + count && code > 2; at++) {
    memory.holding.writeUInt16BE(marks(3, at, 1, n)[0]!, 2 * at);
    memory.input.writeUInt16BE(marks(4, at, 1, n)[0]!, 2 * at);
  }
  for (let at = address & ~7; at < address + count && code <= 2; at += 8) {
    const byte = marks(1, at, 8, n).reduce((sum, bit, i) => sum | (bit << i), 0);
    memory.coils[at / 8] = byte;
    memory.discrete[at / 8] = byte;
  }
  question(code, address, marks(code, address, count, n));
}

function question(code: number, address: number, values: number[]): void {
  const [atMs, wallMs] = [monotonicMs(), Date.now()];
  const what = { n, atMs, wallMs, unit: meterUnit, code, address, count: values.length, values };
  tell({ question: { ...what, outcome: "done" } });
}

function wrote({ body }: Asked): void {
  n++;
  const { fc: code, address = 0, value, values } = body;
  const many = Buffer.isBuffer(values)
    ? Array.from({ length: values.length / 2 }, (_, i) => values.readUInt16BE(2 * i))
    : (values ?? [Number(value)]);
  question(code, address, many);
}

async function carrier(kind: string, path: string): Promise<[NodeJS.EventEmitter, string]> {
  if (kind === "rtu") {
    const port = new SerialPort({ path, baudRate: 19_200, parity: "even" });
    await once(port, "open");
    // From Node 26.4 on serialport's events wait until the event loop turns for another reason.
    setInterval(() => {}, 5);
    return [new jsmodbus.RTU(port, memory), path];
  }
  const net = createServer();
  // Without a listener the server ends with the first client that leaves in the middle.
  net.on("connection", (socket) => socket.on("error", () => socket.destroy()));
  const server = new jsmodbus.TCP(net, memory);
  net.listen(0, "127.0.0.1");
  await once(net, "listening");
  return [server, `127.0.0.1:${(net.address() as AddressInfo).port}`];
}

const [server, place] = await carrier(process.argv[2]!, process.argv[3]!);
for (const name of ["Coils", "DiscreteInputs", "HoldingRegisters", "InputRegisters"]) {
  server.on(`preRead${name}`, (asked: Asked) => mark(asked));
}
for (const name of ["SingleRegister", "MultipleRegisters"]) {
  server.on(`preWrite${name}`, (asked: Asked) => wrote(asked));
}
tell({ ready: place });
