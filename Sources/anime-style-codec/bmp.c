#include "signs.h"

static uint32_t number(source_file file, size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = size; i-- > 0;) {
        value = value << 8 | (at + i < file.size ? file.bytes[at + i] : 0u);
    }
    return value;
}

typedef struct {
    uint64_t pixels, row_bytes, used_bytes, rows;
} rows_layout;

// How far bytes are from those a row before them, on average, in `size` bytes from `from` on.
static double difference(source_file file, uint64_t from, uint64_t size, uint64_t row_bytes) {
    uint64_t sum = 0;
    for (uint64_t i = from; i < from + size; i++) {
        const int step = (int)file.bytes[i] - (int)file.bytes[i - row_bytes];
        sum += (uint64_t)(step < 0 ? -step : step);
    }
    return size == 0 ? 0 : (double)sum / (double)size;
}

static bool is_constant(const uint8_t *bytes, uint64_t size) {
    for (uint64_t i = 1; i < size; i++) {
        if (bytes[i] != bytes[0]) {
            return false;
        }
    }
    return true;
}

// Bytes that fill rows up are zero, and what was put in before them moves others there.
static bool is_filling_moved(source_file file, rows_layout rows) {
    uint64_t empty = 0;
    const uint64_t filling = rows.row_bytes - rows.used_bytes;
    for (uint64_t row = 0; row < rows.rows && filling > 0; row++) {
        const uint8_t *bytes = file.bytes + rows.pixels + row * rows.row_bytes + rows.used_bytes;
        empty += is_constant(bytes, filling) && bytes[0] == 0 ? 1 : 0;
    }
    return filling > 0 && empty > 0 && empty < rows.rows && file.bytes[rows.pixels + rows.used_bytes] == 0;
}

// Rows of whole bytes as they are. The file's length is all that can tell of bytes that were put in: those at the end
// of the picture are then behind the end that the header tells. Anything else may be there too, which is no damage; but
// it does not go on where the picture ends.
static const char *plain_damage(source_file file, uint32_t width, uint32_t height, unsigned bits) {
    const uint64_t announced = number(file, 2, 4);
    rows_layout rows = {.pixels = number(file, 10, 4)};
    rows.row_bytes = ((uint64_t)width * bits + 31) / 32 * 4;
    rows.used_bytes = ((uint64_t)width * bits + 7) / 8;
    rows.rows = height > INT32_MAX ? 0u - height : height;
    if (bits < 8 || rows.rows < 2 || rows.row_bytes == 0 || rows.rows > file.size / rows.row_bytes) {
        return NULL;
    }
    const uint64_t end = rows.pixels + rows.row_bytes * rows.rows;
    // Some programs leave the length out, or fill the file up.
    const bool is_trusted = announced >= end && announced <= end + 3;
    if (!is_trusted || file.size <= announced) {
        return NULL;
    }
    const uint64_t behind = file.size - announced;
    const uint64_t sample = behind < rows.row_bytes ? behind : rows.row_bytes;
    const double usual = difference(file, rows.pixels + rows.row_bytes, end - rows.pixels - rows.row_bytes,
                                    rows.row_bytes);
    // What fills a file up is all alike.
    const uint8_t *rest = file.bytes + announced;
    const bool is_filler = behind == 1 ? rest[0] == 0 : is_constant(rest, behind);
    const bool goes_on = behind < end - rows.pixels && !is_filler
                         && difference(file, announced, sample, rows.row_bytes) <= 2 * usual + 1;
    return goes_on || is_filling_moved(file, rows) ? "it is longer than its header says, and something was put into it"
                                                   : NULL;
}

// Microsoft's “Bitmap Compression”: pairs of a count and a value; a count of zero says what follows.
const char *bmp_damage(source_file file) {
    if (number(file, 14, 4) < 40) {
        return NULL;
    }
    const uint32_t compression = number(file, 30, 4), width = number(file, 18, 4), height = number(file, 22, 4);
    if (compression == 0 || compression == 3) {
        return plain_damage(file, width, height, number(file, 28, 2));
    }
    if (compression > 2) {
        return NULL;
    }
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
