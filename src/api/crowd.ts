/** So many connections and no more: whoever says nothing makes room for who comes, so that a stop always finds a way in. */
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Of a server that is over its number the connection goes that has waited longest without a request. */
export function makeRoom(server: Server, atMost: number): void {
  /** In the order in which they began to say nothing. */
  const quiet = new Set<Socket>();
  let open = 0;
  server.on("connection", (socket) => {
    open++;
    quiet.add(socket);
    socket.once("close", () => {
      open--;
      quiet.delete(socket);
    });
    const [longest] = quiet;
    if (open > atMost) longest?.destroy();
  });
  server.on("request", ({ socket }, response) => {
    quiet.delete(socket);
    response.once("close", () => {
      if (!socket.destroyed) quiet.add(socket);
    });
  });
}
