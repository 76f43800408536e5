#include "signs.h"

static uint32_t number(source_file file, size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = size; i-- > 0;) {
        value = value << 8 | (at + i < file.size ? file.bytes[at + i] : 0u);
    }
    return value;
}

// Microsoft's “Bitmap Compression”: pairs of a count and a value; a count of zero says what follows.
const char *bmp_damage(source_file file) {
    const uint32_t compression = number(file, 30, 4);
    if (number(file, 14, 4) < 40 || (compression != 1 && compression != 2)) {
        return NULL;
    }
    const uint32_t width = number(file, 18, 4), height = number(file, 22, 4);
    // No run has more pixels, and GdkPixbuf would make room for all that are missing.
    if ((uint64_t)width * height / 255 > file.size) {
        fail(codec_cut_off, NULL);
    }
    const unsigned values_in_byte = compression == 1 ? 1 : 2;
    uint64_t x = 0, y = 0;
    for (size_t at = number(file, 10, 4); at + 1 < file.size;) {
        const unsigned count = file.bytes[at], value = file.bytes[at + 1];
        at += 2;
        if (count > 0) {
            x += count;
        } else if (value == 0 || value == 1) {
            // Rows end here, or the whole picture.
            const bool is_empty_end = value == 1 && x == 0;
            if (!is_empty_end && x < width) {
                return "a row has fewer pixels than the picture is wide";
            }
            y += is_empty_end ? 0 : 1;
            x = 0;
            if (value == 1) {
                return y == height ? NULL : "the picture has another number of rows than it says";
            }
        } else if (value == 2) {
            x += number(file, at, 1);
            y += number(file, at + 1, 1);
            at += 2;
        } else {
            x += value;
            at += ((value + values_in_byte - 1) / values_in_byte + 1) / 2 * 2;
        }
        // Some programs pack rows of whole words, as they are without packing.
        if (x > ((uint64_t)width + 4 * values_in_byte - 1) / (4 * values_in_byte) * (4 * values_in_byte)) {
            return "a row has more pixels than the picture is wide";
        }
    }
    return "the mark of the picture's end is missing";
}
