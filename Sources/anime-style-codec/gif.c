#include "signs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A frame in the file (GIF89a, 20 and 22).
typedef struct {
    /// Of its first data block, with the bits of a value in the byte before; 0 where there is no frame.
    size_t data;
    uint64_t pixels, end;
} frame;

// Bytes of a table of colours, by the flags of a screen or a frame (GIF89a, 18 and 20).
static size_t colours(uint8_t flags) { return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0; }

static uint8_t byte(source_file file, size_t at) { return at < file.size ? file.bytes[at] : 0; }

static frame first_frame(source_file file) {
    frame found = {0, 0, 0};
    size_t at = 13 + colours(byte(file, 10));
    while (at < file.size) {
        const bool is_frame = file.bytes[at] == 0x2C;
        if (is_frame) {
            const unsigned width = byte(file, at + 5) | (unsigned)byte(file, at + 6) << 8;
            const unsigned height = byte(file, at + 7) | (unsigned)byte(file, at + 8) << 8;
            found.pixels = (uint64_t)width * height;
            at += 11 + colours(byte(file, at + 9));
            found.data = at;
        } else if (file.bytes[at] == 0x21) {
            at += 2;
        } else {
            break;
        }
        while (at < file.size && file.bytes[at] != 0) {
            at += 1u + file.bytes[at];
        }
        if (is_frame) {
            break;
        }
        at++;
    }
    found.end = at;
    return found;
}

uint64_t gif_end_of_first_frame(source_file file) { return first_frame(file).end; }

const char *gif_damage(source_file file) {
    static char text[CODEC_LARGEST_DETAIL];
    const frame f = first_frame(file);
    if (f.data == 0 || f.data > file.size) {
        return NULL;
    }
    const unsigned bits = file.bytes[f.data - 1];
    if (bits < 1 || bits > 8) {
        return "a frame has values of a size that does not exist";
    }
    uint8_t *bytes = need_memory(file.size, 1);
    size_t size = 0;
    for (size_t at = f.data; at < file.size && file.bytes[at] != 0; at += 1u + file.bytes[at]) {
        const size_t left = file.size - at - 1, count = file.bytes[at] < left ? file.bytes[at] : left;
        memcpy(bytes + size, file.bytes + at + 1, count);
        size += count;
    }
    const lzw_content content = lzw_measure((lzw_data){bytes, size, bits, false}, f.pixels);
    free(bytes);
    if (content.is_broken) {
        return "a frame has a code that does not exist";
    }
    if (content.values == f.pixels) {
        return NULL;
    }
    snprintf(text, sizeof text, content.values < f.pixels ? "a frame of %llu pixels has data of %llu"
                                                          : "a frame of %llu pixels has data of more",
             (unsigned long long)f.pixels, (unsigned long long)content.values);
    return text;
}
