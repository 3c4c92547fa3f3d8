/** A listening socket whose connections can be told apart: what a server does wrong, it does per connection. */
import { createServer, type Server, type Socket } from "node:net";
import { monotonicMs } from "../../plant/config.js";
import { type Cut, RtuCutter, TcpCutter } from "../../plant/wire.js";

export type Connection = {
  readonly openedAtMs: number;
  /** Asked on it so far. */
  questions: number;
  send(bytes: Buffer): void;
  end(): void;
};

export type OnQuestion = (cut: Cut, connection: Connection) => void;

/** Resolves with `host:port`. */
export function listen(kind: "tcp" | "rtu-tcp", onQuestion: OnQuestion): Promise<string> {
  const server = createServer((socket) => accept(socket, kind, onQuestion));
  return placeOf(server);
}

async function placeOf(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

function accept(socket: Socket, kind: "tcp" | "rtu-tcp", onQuestion: OnQuestion): void {
  const cutter = kind === "tcp" ? new TcpCutter() : new RtuCutter();
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  const connection: Connection = {
    openedAtMs: monotonicMs(),
    questions: 0,
    send: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    end: () => socket.end(),
  };
  socket.on("data", (bytes) => {
    for (const cut of cutter.push(bytes)) {
      connection.questions++;
      onQuestion(cut, connection);
    }
  });
}
