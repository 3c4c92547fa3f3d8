"""
A client over pymodbus: writes registers and coils of unit 1 and reads them back.

    pymodbus-client.py tcp|rtu PLACE ROUNDS

Prints {"asked": n, "good": n, "wrong": ["..."]}.
"""
import json
import sys

from pymodbus.client import ModbusSerialClient, ModbusTcpClient

REGISTERS, COILS = 20, 16


def main(kind, place, rounds):
    if kind == "rtu":
        # A pseudo-terminal has no parity, and refuses one that is set twice.
        line = ModbusSerialClient(port=place, baudrate=19200, parity="N", timeout=1)
    else:
        host, port = place.split(":")
        line = ModbusTcpClient(host, port=int(port), timeout=1)
    line.connect()
    held, on = [0] * REGISTERS, [False] * COILS
    asked, good, wrong = 0, 0, []
    for number in range(int(rounds)):
        at, coil = number % (REGISTERS - 3), number % COILS
        on[coil] = not on[coil]
        held[at:at + 3] = [(7 * number + i) & 0xFFFF for i in range(3)]
        answers = [
            line.write_register(at, 1000 + number, slave=1),
            line.write_registers(at, held[at:at + 3], slave=1),
            line.write_coil(coil, on[coil], slave=1),
            line.read_holding_registers(0, REGISTERS, slave=1),
            line.read_holding_registers(at, 1, slave=1),
            line.read_coils(0, COILS, slave=1),
        ]
        asked += len(answers)
        good += sum(not answer.isError() for answer in answers)
        registers, one, coils = answers[3:]
        if not registers.isError() and registers.registers != held:
            wrong.append(f"round {number}: {registers.registers}, not {held}")
        if not one.isError() and one.registers != held[at:at + 1]:
            wrong.append(f"round {number}: {one.registers}, not {held[at]}")
        if not coils.isError() and coils.bits[:COILS] != on:
            wrong.append(f"round {number}: {coils.bits}, not {on}")
    line.close()
    print(json.dumps({"asked": asked, "good": good, "wrong": wrong}))


main(*sys.argv[1:4])
