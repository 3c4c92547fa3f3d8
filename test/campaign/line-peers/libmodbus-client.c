/*
 * A client over libmodbus: writes registers and coils of unit 1 and reads them back.
 *
 *   libmodbus-client tcp|rtu PLACE ROUNDS
 *
 * Prints {"asked":n,"good":n,"wrong":["..."]}.
 */
#include <modbus/modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGISTERS = 20, COILS = 16 };

static modbus_t *open_line(const char *kind, char *place)
{
    if (strcmp(kind, "rtu") == 0) return modbus_new_rtu(place, 19200, 'E', 8, 1);
    char *port = strchr(place, ':');
    *port++ = '\0';
    return modbus_new_tcp(place, atoi(port));
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    modbus_t *line = open_line(argv[1], argv[2]);
    if (line == NULL || modbus_set_slave(line, 1) != 0 || modbus_connect(line) != 0) {
        perror("libmodbus");
        return 4;
    }
    modbus_set_response_timeout(line, 1, 0);
    uint16_t held[REGISTERS] = {0}, words[REGISTERS];
    uint8_t on[COILS] = {0}, bits[COILS];
    long asked = 0, good = 0;
    printf("{\"wrong\":[");
    const char *comma = "";
    for (int round = 0; round < atoi(argv[3]); round++) {
        const int at = round % (REGISTERS - 3), coil = round % COILS;
        held[at] = 1000 + round;
        on[coil] = !on[coil];
        good += modbus_write_register(line, at, held[at]) == 1;
        for (int i = 0; i < 3; i++) held[at + i] = 7 * round + i;
        good += modbus_write_registers(line, at, 3, held + at) == 3;
        good += modbus_write_bit(line, coil, on[coil]) == 1;
        const int read = modbus_read_registers(line, 0, REGISTERS, words) == REGISTERS;
        const int one = modbus_read_registers(line, at, 1, words + at) == 1;
        const int seen = modbus_read_bits(line, 0, COILS, bits) == COILS;
        good += read + one + seen;
        asked += 6;
        for (int i = 0; read && one && i < REGISTERS; i++) {
            if (words[i] == held[i]) continue;
            printf("%s\"round %d: register %d is %u, not %u\"", comma, round, i, words[i], held[i]);
            comma = ",";
        }
        if (seen && memcmp(bits, on, COILS) != 0) {
            printf("%s\"round %d: the coils are others\"", comma, round);
            comma = ",";
        }
    }
    printf("],\"asked\":%ld,\"good\":%ld}\n", asked, good);
    modbus_close(line);
    return 0;
}
