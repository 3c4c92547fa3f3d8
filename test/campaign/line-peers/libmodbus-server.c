/*
 * A server over libmodbus whose values name address and question, as question.ts says.
 *
 *   libmodbus-server tcp|rtu PORT
 *
 * Says {"ready":"host:port"} (or the port), then {"question":{...}} for everything it is asked. Unit 1 on a wire.
 */
#include <arpa/inet.h>
#include <modbus/modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 256, FIRST_WRITABLE = 48 };

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static unsigned word_at(const uint8_t *bytes) { return bytes[0] << 8 | bytes[1]; }

static unsigned register_mark(unsigned address, unsigned n)
{
    return (address & 0x3f) << 10 | (n & 0x3ff);
}

static unsigned bit_mark(unsigned address, unsigned n)
{
    return (n * 101 + (address >> 3) * 37) >> (address & 7) & 1;
}

/* Memory as it is for question n; what can be written keeps what was written. */
static void mark(modbus_mapping_t *memory, unsigned n)
{
    for (unsigned i = 0; i < SIZE; i++) {
        memory->tab_bits[i] = memory->tab_input_bits[i] = bit_mark(i, n);
        memory->tab_input_registers[i] = memory->tab_registers[i] = register_mark(i, n);
    }
}

static void tell(const uint8_t *pdu, unsigned unit, unsigned n)
{
    const unsigned code = pdu[0], address = word_at(pdu + 1), second = word_at(pdu + 3);
    const int is_single = code == 5 || code == 6, is_write = is_single || code == 15 || code == 16;
    const unsigned count = is_single ? 1 : second;
    const int refused = is_write && address < FIRST_WRITABLE;
    printf("{\"question\":{\"n\":%u,\"atMs\":%.4f,\"wallMs\":%.3f,\"unit\":%u,\"code\":%u,\"address\":%u,\"count\":%u,"
           "\"outcome\":\"%s\",\"values\":[",
           n, now_ms(CLOCK_MONOTONIC), now_ms(CLOCK_REALTIME), unit, code, address, count,
           refused ? "exception 2" : "done");
    for (unsigned i = 0; i < count; i++) {
        unsigned value;
        if (code == 5) value = second == 0xff00;
        else if (code == 6) value = second;
        else if (code == 15) value = pdu[6 + (i >> 3)] >> (i & 7) & 1;
        else if (code == 16) value = word_at(pdu + 6 + 2 * i);
        else value = code <= 2 ? bit_mark(address + i, n) : register_mark(address + i, n);
        printf("%s%u", i == 0 ? "" : ",", value);
    }
    puts("]}}");
    fflush(stdout);
}

static void serve(modbus_t *line, modbus_mapping_t *memory, unsigned *n, int is_rtu)
{
    uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
    const int head = modbus_get_header_length(line);
    for (;;) {
        const int length = modbus_receive(line, query);
        if (length == -1 && !is_rtu) return;
        if (length <= 0) continue;
        const unsigned code = query[head];
        mark(memory, ++*n);
        tell(query + head, query[head - 1], *n);
        const int is_write = code == 5 || code == 6 || code == 15 || code == 16;
        if (is_write && word_at(query + head + 1) < FIRST_WRITABLE)
            modbus_reply_exception(line, query, MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS);
        else
            modbus_reply(line, query, length, memory);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    unsigned n = 0;
    modbus_mapping_t *memory = modbus_mapping_new(SIZE, SIZE, SIZE, SIZE);
    if (strcmp(argv[1], "rtu") == 0) {
        modbus_t *line = modbus_new_rtu(argv[2], 19200, 'E', 8, 1);
        modbus_set_slave(line, 1);
        if (modbus_connect(line) != 0) {
            perror(argv[2]);
            return 4;
        }
        printf("{\"ready\":\"%s\"}\n", argv[2]);
        fflush(stdout);
        serve(line, memory, &n, 1);
        return 0;
    }
    modbus_t *line = modbus_new_tcp("127.0.0.1", 0);
    int listening = modbus_tcp_listen(line, 1);
    struct sockaddr_in place;
    socklen_t size = sizeof place;
    if (listening < 0 || getsockname(listening, (struct sockaddr *)&place, &size) != 0) {
        perror("libmodbus");
        return 4;
    }
    printf("{\"ready\":\"127.0.0.1:%d\"}\n", ntohs(place.sin_port));
    fflush(stdout);
    while (modbus_tcp_accept(line, &listening) >= 0) {
        serve(line, memory, &n, 0);
        modbus_close(line);
    }
    return 0;
}
