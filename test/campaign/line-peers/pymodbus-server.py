"""
A server over pymodbus whose values name address and question, as question.ts says.

    pymodbus-server.py tcp|rtu PORT

Says {"ready": "host:port"} (or the port), then {"question": {...}} for everything it is asked.
"""
import asyncio
import json
import sys
import time

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer

FIRST_WRITABLE = 48
asked = 0


def tell(said):
    print(json.dumps(said), flush=True)


def register_mark(address, n):
    return (address & 0x3F) << 10 | n & 0x3FF


def bit_mark(address, n):
    return (n * 101 + (address >> 3) * 37) >> (address & 7) & 1


class Meter(ModbusSlaveContext):
    """Unit 1: pymodbus asks it to validate, then to get or set, each once a question."""

    def __init__(self):
        super().__init__(zero_mode=True)

    def validate(self, fc_as_hex, address, count=1):
        is_write = fc_as_hex in (5, 6, 15, 16)
        if is_write and address < FIRST_WRITABLE:
            note(fc_as_hex, address, count, [], "exception 2")
            return False
        return True

    def getValues(self, fc_as_hex, address, count=1):
        # After a write of one it reads back what it then confirms.
        if fc_as_hex in (5, 6):
            return [self.written] * count
        mark = bit_mark if fc_as_hex <= 2 else register_mark
        values = [mark(address + i, asked + 1) for i in range(count)]
        note(fc_as_hex, address, count, values, "done")
        return values

    def setValues(self, fc_as_hex, address, values):
        values = [int(value) for value in values]
        self.written = values[0]
        note(fc_as_hex, address, len(values), values, "done")


def note(code, address, count, values, outcome):
    global asked
    asked += 1
    tell({
        "question": {
            "n": asked, "atMs": time.monotonic_ns() / 1e6, "wallMs": time.time() * 1000, "unit": 1, "code": code,
            "address": address, "count": count, "values": values, "outcome": outcome,
        }
    })


async def main(kind, port):
    context = ModbusServerContext(slaves={1: Meter()}, single=False)
    if kind == "rtu":
        # A pseudo-terminal has no parity, and refuses one that is set twice.
        server = ModbusSerialServer(context, framer=ModbusRtuFramer, port=port, baudrate=19200, parity="N")
        await server.start()
        tell({"ready": port})
    else:
        server = ModbusTcpServer(context, address=("127.0.0.1", 0))
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
        host, number = server.server.sockets[0].getsockname()[:2]
        tell({"ready": f"{host}:{number}"})
        await serving
        return
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:3]))
