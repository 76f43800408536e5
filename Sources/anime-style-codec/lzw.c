#include "signs.h"

enum { most_codes = 4096, most_bits = 12 };

typedef struct {
    lzw_data data;
    size_t next;
    /// Bits that have been read and belong to no code yet.
    uint32_t held;
    unsigned count;
} bit_reader;

// - Returns: the next code, or −1 behind the last one.
static int next_code(bit_reader *r, unsigned bits) {
    while (r->count < bits) {
        if (r->next == r->data.size) {
            return -1;
        }
        const uint32_t byte = r->data.bytes[r->next++];
        r->held = r->data.is_tiff ? r->held << 8 | byte : r->held | byte << r->count;
        r->count += 8;
    }
    r->count -= bits;
    const uint32_t mask = (1u << bits) - 1;
    if (r->data.is_tiff) {
        return (int)(r->held >> r->count & mask);
    }
    const uint32_t code = r->held & mask;
    r->held >>= bits;
    return (int)code;
}

// How many values each code stands for is all that is kept (GIF89a, appendix F; TIFF 6.0, section 13).
lzw_content lzw_measure(lzw_data data, uint64_t most) {
    uint32_t lengths[most_codes];
    bit_reader reader = {.data = data};
    const int clear = 1 << data.value_bits, end = clear + 1;
    unsigned bits = data.value_bits + 1;
    int next = clear + 2, last = -1;
    lzw_content content = {0, false};
    for (int code = 0; code < clear; code++) {
        lengths[code] = 1;
    }
    while (content.values <= most) {
        const int code = next_code(&reader, bits);
        if (code < 0 || code == end) {
            break;
        }
        if (code == clear) {
            bits = data.value_bits + 1;
            next = clear + 2;
            last = -1;
            continue;
        }
        if (last >= 0 && next < most_codes) {
            lengths[next++] = lengths[last] + 1;
        }
        if (code >= next || (last < 0 && code > clear)) {
            content.is_broken = true;
            break;
        }
        content.values += lengths[code];
        last = code;
        if (next + (data.is_tiff ? 1 : 0) >= 1 << bits && bits < most_bits) {
            bits++;
        }
    }
    return content;
}
