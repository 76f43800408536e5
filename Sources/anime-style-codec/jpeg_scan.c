#include "signs.h"

#include <stdlib.h>
#include <string.h>

// Baseline JPEG has no sums, but much that only damage brings about: codes that are in no table, more than 64
// coefficients in a block, a mean brighter than white, restarts in the wrong place (ITU-T T.81, annexes B and F).

enum { most_components = 4, most_tables = 4, coefficients = 64 };
/// Bits of most codes, of all codes, and of a code with the number behind it.
enum { short_code = 10, long_code = 16, most_needed = 32 };

typedef struct {
    uint8_t id, across, down, quantisation;
    /// In the scan.
    uint8_t dc, ac;
    int mean;
} component;

// For all bits that may come: the length of the code in them, 0 for none, times 256, and its symbol. The first table is
// small enough to stay at hand, and has none for long codes.
typedef struct {
    bool is_known;
    uint16_t first[1 << short_code], all[1 << long_code];
} huffman;

struct jpeg_tables {
    huffman dc[most_tables], ac[most_tables];
    uint16_t steps[most_tables][coefficients];
    unsigned restart;
    /// The frame; none where `components` is 0.
    unsigned width, height, across, down, components;
    component parts[most_components];
};

jpeg_tables *jpeg_tables_make(void) { return need_memory(1, sizeof(jpeg_tables)); }

typedef struct {
    const uint8_t *next, *end;
    uint64_t held;
    /// Bits in `held`, and how many of them were made up behind the data.
    unsigned count, made_up;
} bit_reader;

static void fill(bit_reader *r) {
    while (r->count <= 56) {
        unsigned byte = 0;
        if (r->next < r->end && (*r->next != 0xFF || (r->end - r->next > 1 && r->next[1] == 0))) {
            byte = *r->next;
            r->next += byte == 0xFF ? 2 : 1;
        } else {
            r->made_up += 8;
        }
        r->held |= (uint64_t)byte << (56 - r->count);
        r->count += 8;
    }
}

static unsigned take(bit_reader *r, unsigned bits) {
    const unsigned value = bits == 0 ? 0 : (unsigned)(r->held >> (64 - bits));
    r->held <<= bits;
    r->count -= bits;
    return value;
}

// - Returns: the symbol, or −1 when there is no such code.
static int symbol(bit_reader *r, const huffman *table) {
    unsigned entry = table->first[r->held >> (64 - short_code)];
    if (entry == 0) {
        entry = table->all[r->held >> (64 - long_code)];
    }
    if (entry == 0) {
        return -1;
    }
    take(r, entry >> 8);
    return (int)(entry & 255);
}

// T.81, F.2.2.1: the lower half of the numbers of so many bits are negative.
static int number(bit_reader *r, unsigned bits) {
    const unsigned value = take(r, bits);
    return bits == 0 || value >> (bits - 1) ? (int)value : (int)value - (1 << bits) + 1;
}

// A step of rounding and a little more beyond the largest mean of a block, and beyond the largest wave.
static bool is_possible(int value, unsigned step, unsigned most) {
    return (unsigned)abs(value) * step <= most + 2 * step;
}

static const char *walk_block(bit_reader *r, jpeg_tables *t, component *c) {
    enum { most_mean = 1024, most_wave = 2048 };
    const uint16_t *steps = t->steps[c->quantisation];
    if (r->count < most_needed) {
        fill(r);
    }
    const int size = symbol(r, &t->dc[c->dc]);
    if (size < 0 || size > 15) {
        return "Corrupt JPEG data: bad Huffman code";
    }
    c->mean += number(r, (unsigned)size);
    if (!is_possible(c->mean, steps[0], most_mean)) {
        return "Corrupt JPEG data: a block brighter than white or darker than black";
    }
    for (unsigned k = 1; k < coefficients; k++) {
        if (r->count < most_needed) {
            fill(r);
        }
        const int code = symbol(r, &t->ac[c->ac]);
        if (code < 0) {
            return "Corrupt JPEG data: bad Huffman code";
        }
        const unsigned run = (unsigned)code >> 4, bits = (unsigned)code & 15;
        if (bits == 0 && run != 15) {
            break;
        }
        k += run;
        if (k >= coefficients) {
            return "Corrupt JPEG data: too many coefficients in a block";
        }
        if (bits > 0 && !is_possible(number(r, bits), steps[k], most_wave)) {
            return "Corrupt JPEG data: a coefficient that no picture has";
        }
    }
    return r->made_up > r->count ? "Corrupt JPEG data: premature end of data segment" : NULL;
}

// Behind so many units of a scan: the marker that comes then, with nothing but the rest of a byte before it.
static const char *pass_restart(bit_reader *r, jpeg_tables *t, unsigned number) {
    const unsigned unread = r->count - r->made_up;
    // Any number of such bytes may fill up before a marker.
    while (r->end - r->next > 2 && r->next[0] == 0xFF && r->next[1] == 0xFF) {
        r->next++;
    }
    if (unread >= 8 || r->end - r->next < 2 || r->next[0] != 0xFF || r->next[1] != 0xD0 + number % 8) {
        return "Corrupt JPEG data: a restart marker is missing";
    }
    *r = (bit_reader){r->next + 2, r->end, 0, 0, 0};
    for (unsigned i = 0; i < t->components; i++) {
        t->parts[i].mean = 0;
    }
    return NULL;
}

static unsigned divided(unsigned value, unsigned by) { return (value + by - 1) / by; }

// - Parameter scan: places of its components in the frame.
static const char *walk_scan(bit_reader *r, jpeg_tables *t, const uint8_t *scan, unsigned count) {
    component *only = &t->parts[scan[0]];
    const bool is_alone = count == 1;
    const unsigned across = is_alone ? divided(divided(t->width * only->across, t->across), 8)
                                     : divided(t->width, 8 * t->across);
    const unsigned down = is_alone ? divided(divided(t->height * only->down, t->down), 8)
                                   : divided(t->height, 8 * t->down);
    const uint64_t units = (uint64_t)across * down;
    for (unsigned i = 0; i < t->components; i++) {
        t->parts[i].mean = 0;
    }
    for (uint64_t unit = 0; unit < units; unit++) {
        if (t->restart > 0 && unit > 0 && unit % t->restart == 0) {
            const char *problem = pass_restart(r, t, (unsigned)(unit / t->restart - 1));
            if (problem != NULL) {
                return problem;
            }
        }
        for (unsigned i = 0; i < count; i++) {
            component *c = &t->parts[scan[i]];
            const unsigned blocks = is_alone ? 1 : c->across * c->down;
            for (unsigned block = 0; block < blocks; block++) {
                const char *problem = walk_block(r, t, c);
                if (problem != NULL) {
                    return problem;
                }
            }
        }
    }
    return NULL;
}

// Whether more than the rest of a byte follows a scan's last block: damaged data are used up too early.
static bool has_rest(const bit_reader *r) {
    const uint8_t *at = r->next;
    const bool is_marker = r->end - at < 2 || (at[0] == 0xFF && at[1] != 0);
    return r->count - r->made_up >= 8 || !is_marker;
}

// MARK: - Segments

static bool take_huffman(jpeg_tables *t, const uint8_t *b, size_t size) {
    while (size >= 17) {
        const unsigned kind = b[0] >> 4, place = b[0] & 15;
        size_t symbols = 0;
        for (unsigned i = 1; i <= 16; i++) {
            symbols += b[i];
        }
        if (kind > 1 || place >= most_tables || symbols > 256 || size < 17 + symbols) {
            return false;
        }
        huffman *table = kind == 0 ? &t->dc[place] : &t->ac[place];
        memset(table->all, 0, sizeof table->all);
        size_t code = 0, symbol = 0;
        for (unsigned length = 1; length <= 16; length++) {
            for (unsigned i = 0; i < b[length]; i++, symbol++) {
                const size_t next = code + ((size_t)1 << (long_code - length));
                if (next > 1 << long_code) {
                    return false;
                }
                for (; code < next; code++) {
                    table->all[code] = (uint16_t)(length << 8 | b[17 + symbol]);
                }
            }
        }
        for (size_t start = 0; start < 1 << short_code; start++) {
            const uint16_t entry = table->all[start << (long_code - short_code)];
            table->first[start] = entry >> 8 <= short_code ? entry : 0;
        }
        table->is_known = true;
        b += 17 + symbols;
        size -= 17 + symbols;
    }
    return size == 0;
}

// In the order of the zigzag, as the scan has them.
static bool take_steps(jpeg_tables *t, const uint8_t *b, size_t size) {
    while (size > 0) {
        const unsigned bytes = b[0] >> 4 == 0 ? 1 : 2, place = b[0] & 15;
        if (place >= most_tables || size < 1 + coefficients * bytes) {
            return false;
        }
        for (unsigned k = 0; k < coefficients; k++) {
            t->steps[place][k] = bytes == 1 ? b[1 + k] : (uint16_t)(b[1 + 2 * k] << 8 | b[2 + 2 * k]);
        }
        b += 1 + coefficients * bytes;
        size -= 1 + coefficients * bytes;
    }
    return true;
}

static bool take_frame(jpeg_tables *t, const uint8_t *b, size_t size) {
    t->components = 0;
    if (size < 6 || b[0] != 8 || b[5] == 0 || b[5] > most_components || size < 6 + 3u * b[5]) {
        return false;
    }
    t->height = (unsigned)b[1] << 8 | b[2];
    t->width = (unsigned)b[3] << 8 | b[4];
    t->across = t->down = 1;
    for (unsigned i = 0; i < b[5]; i++) {
        const uint8_t *part = b + 6 + 3 * i;
        t->parts[i] = (component){part[0], part[1] >> 4, part[1] & 15, part[2], 0, 0, 0};
        if (t->parts[i].across < 1 || t->parts[i].across > 4 || t->parts[i].down < 1 || t->parts[i].down > 4
            || part[2] >= most_tables) {
            return false;
        }
        t->across = t->parts[i].across > t->across ? t->parts[i].across : t->across;
        t->down = t->parts[i].down > t->down ? t->parts[i].down : t->down;
    }
    t->components = b[5];
    return t->width > 0 && t->height > 0;
}

// - Returns: how many components the scan has, in `scan`; 0 for one that is not understood.
static unsigned take_scan(jpeg_tables *t, const uint8_t *b, size_t size, uint8_t *scan) {
    if (size < 1 || b[0] == 0 || b[0] > t->components || size < 1 + 2u * b[0]) {
        return 0;
    }
    for (unsigned i = 0; i < b[0]; i++) {
        unsigned place = 0;
        while (place < t->components && t->parts[place].id != b[1 + 2 * i]) {
            place++;
        }
        if (place == t->components) {
            return 0;
        }
        component *c = &t->parts[place];
        c->dc = b[2 + 2 * i] >> 4;
        c->ac = b[2 + 2 * i] & 15;
        if (c->dc >= most_tables || c->ac >= most_tables || !t->dc[c->dc].is_known || !t->ac[c->ac].is_known) {
            return 0;
        }
        scan[i] = (uint8_t)place;
    }
    return b[0];
}

const char *jpeg_damage(jpeg_tables *t, const uint8_t *bytes, size_t size, bool ends_with_scans) {
    const uint8_t *at = bytes, *end = bytes + size;
    while (end - at >= 4) {
        if (at[0] != 0xFF || at[1] == 0xFF || at[1] == 0 || at[1] == 1 || (at[1] >= 0xD0 && at[1] <= 0xD8)) {
            at += at[0] == 0xFF && at[1] != 0xFF ? 2 : 1;
            continue;
        }
        const unsigned code = at[1];
        const size_t length = (size_t)at[2] << 8 | at[3];
        if (code == 0xD9 || length < 2 || length > (size_t)(end - at) - 2) {
            return NULL;
        }
        const uint8_t *body = at + 4;
        at += 2 + length;
        bool is_known = true;
        uint8_t scan[most_components];
        unsigned count = 0;
        switch (code) {
        case 0xC4: is_known = take_huffman(t, body, length - 2); break;
        case 0xDB: is_known = take_steps(t, body, length - 2); break;
        case 0xDD: t->restart = length >= 4 ? (unsigned)body[0] << 8 | body[1] : 0; break;
        case 0xC0:
        case 0xC1: is_known = take_frame(t, body, length - 2); break;
        case 0xDA:
            count = take_scan(t, body, length - 2, scan);
            is_known = count > 0;
            break;
        // Frames of other kinds.
        default: is_known = code < 0xC0 || code > 0xCF; break;
        }
        if (!is_known) {
            return NULL;
        }
        if (count > 0) {
            bit_reader reader = {at, end, 0, 0, 0};
            const char *problem = walk_scan(&reader, t, scan, count);
            if (problem == NULL && ends_with_scans && has_rest(&reader)) {
                problem = "Corrupt JPEG data: the scan goes on behind its last block";
            }
            if (problem != NULL) {
                return problem;
            }
            at = reader.next;
        }
    }
    return NULL;
}
