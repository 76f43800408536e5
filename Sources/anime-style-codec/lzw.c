#include "signs.h"

#include <string.h>

enum { most_codes = 4096, most_bits = 12 };

typedef struct {
    lzw_data data;
    size_t bit;
} bit_reader;

// - Returns: the next code, or −1 behind the last one.
static int next_code(bit_reader *r, unsigned bits) {
    if (r->bit + bits > r->data.size * 8) {
        return -1;
    }
    unsigned code = 0;
    for (unsigned i = 0; i < bits; i++, r->bit++) {
        const unsigned place = r->bit % 8, byte = r->data.bytes[r->bit / 8];
        if (r->data.is_tiff) {
            code = code << 1 | (byte >> (7 - place) & 1u);
        } else {
            code |= (byte >> place & 1u) << i;
        }
    }
    return (int)code;
}

// How many values each code stands for is all that is kept (GIF89a, appendix F; TIFF 6.0, section 13).
lzw_content lzw_measure(lzw_data data, uint64_t most) {
    uint32_t lengths[most_codes];
    bit_reader reader = {data, 0};
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
