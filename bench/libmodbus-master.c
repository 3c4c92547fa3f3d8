/*
 * A master in C over libmodbus, for bench:line: reads holding registers of unit 1 as fast as it can.
 *
 *   libmodbus-master PATH BAUD PARITY STOPBITS REGISTERS SECONDS WARMUP
 *
 * Says "ready", waits for a line on its input, reads WARMUP times and then for SECONDS, and prints
 * {"reads":n,"failures":n,"seconds":s,"cpuMs":ms}. CPU time without the warm-up.
 */
#include <modbus/modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 8) return 2;
    const int registers = atoi(argv[5]);
    const double seconds = atof(argv[6]);
    const int warm_up = atoi(argv[7]);
    uint16_t words[125];
    modbus_t *line = modbus_new_rtu(argv[1], atoi(argv[2]), argv[3][0], 8, atoi(argv[4]));
    if (line == NULL || modbus_set_slave(line, 1) != 0 || modbus_connect(line) != 0) {
        perror("libmodbus");
        return 4;
    }
    modbus_set_response_timeout(line, 0, 200000);
    puts("ready");
    fflush(stdout);
    if (getchar() == EOF) return 0;
    for (int i = 0; i < warm_up; i++) modbus_read_registers(line, 0, registers, words);

    long reads = 0, failures = 0;
    const double begun = now(CLOCK_MONOTONIC), begun_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    while (now(CLOCK_MONOTONIC) < begun + seconds) {
        if (modbus_read_registers(line, 0, registers, words) == registers) reads++;
        else failures++;
    }
    printf("{\"reads\":%ld,\"failures\":%ld,\"seconds\":%.6f,\"cpuMs\":%.3f}\n", reads, failures,
           now(CLOCK_MONOTONIC) - begun, 1000 * (now(CLOCK_PROCESS_CPUTIME_ID) - begun_cpu));
    modbus_close(line);
    modbus_free(line);
    return 0;
}
