#include "formats.h"
#include "profile.h"
#include "signs.h"

#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Behind jpeglib.h: some codes' numbers depend on how the library was built.
#include <jerror.h>

// A file whose end is missing is taken when at least this share of its rows came.
#define ENOUGH_ROWS 0.95
// More bytes than these behind a scan are taken for its own.
#define MOST_STRAY_BYTES 32

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf away;
    char message[JMSG_LENGTH_MAX];
    /// The first thing that costs pixels.
    char warning[JMSG_LENGTH_MAX];
    bool ended, starved;
    /// Whether there were bytes behind a scan that belong to nothing, and whether the profile's segments do not fit.
    bool has_stray_bytes, has_bad_profile;
    /// Of the file.
    const JOCTET *start;
    /// Rows that had come when the data ran out behind the end of the file.
    JDIMENSION rows;
} errors;

static void give_up(j_common_ptr codec) {
    errors *e = (errors *)codec->err;
    codec->err->format_message(codec, e->message);
    longjmp(e->away, 1);
}

// Whether the bytes that were skipped behind a scan are its own, which damage has left over: many, and not all alike as
// those that fill files up.
static bool is_left_of_scan(j_decompress_ptr codec) {
    const errors *e = (const errors *)codec->err;
    const JOCTET *end = codec->src->next_input_byte;
    const size_t count = (size_t)codec->err->msg_parm.i[0];
    return count > MOST_STRAY_BYTES && count < (size_t)(end - e->start)
           && memcmp(end - count, end - count + 1, count - 1) != 0;
}

static void note(j_common_ptr codec, int level) {
    errors *e = (errors *)codec->err;
    if (level >= 0) {
        return;
    }
    codec->err->num_warnings++;
    switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
        // Before the first scan every segment says its own length.
        if (e->ended || ((j_decompress_ptr)codec)->input_scan_number == 0) {
            return;
        }
        if (!is_left_of_scan((j_decompress_ptr)codec)) {
            e->has_stray_bytes = true;
            return;
        }
        break;
    case JWRN_BOGUS_ICC: e->has_bad_profile = true; return;
    // Fields that no decoder needs.
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL: return;
    case JWRN_JPEG_EOF: e->ended = true; break;
    case JWRN_HIT_MARKER:
        if (e->ended && !e->starved) {
            e->starved = true;
            e->rows = ((j_decompress_ptr)codec)->output_scanline;
        }
        break;
    default: break;
    }
    if (e->warning[0] == '\0') {
        codec->err->format_message(codec, e->warning);
    }
}

static void be_silent(j_common_ptr codec) { (void)codec; }

static void set_errors(errors *e) {
    jpeg_std_error(&e->base);
    e->base.error_exit = give_up;
    e->base.emit_message = note;
    e->base.output_message = be_silent;
}

// What damaged means for a file that could not be decoded to its end.
static _Noreturn void refuse(struct jpeg_decompress_struct *codec, errors *e) {
    const int code = codec->err->msg_code;
    if (code == JERR_OUT_OF_MEMORY) {
        fail(codec_no_memory, NULL);
    }
    fail(e->ended || code == JERR_INPUT_EMPTY || code == JERR_INPUT_EOF ? codec_cut_off : codec_damaged, e->message);
}

static void warn(const errors *e, source_file file, picture *p) {
    const char *text = e->warning[0] != '\0' ? e->warning
                                             : jpeg_damage(jpeg_tables_make(), file.bytes, file.size, false);
    if (text != NULL) {
        picture_warn(p, codec_warning_damaged, text);
    } else if (e->has_stray_bytes) {
        picture_warn(p, codec_warning_stray, NULL);
    }
    if (e->has_bad_profile) {
        picture_warn(p, codec_warning_profile, NULL);
    }
}

static void take_profile(struct jpeg_decompress_struct *codec, picture *p, cmyk_converter **inks) {
    JOCTET *bytes = NULL;
    unsigned size = 0;
    const bool found = jpeg_read_icc_profile(codec, &bytes, &size);
    if (codec->out_color_space == JCS_CMYK) {
        *inks = cmyk_begin(p, 1, found ? bytes : NULL, size);
    } else if (found) {
        picture_set_profile(p, bytes, size);
    }
    free(bytes);
}

static void store_rows(struct jpeg_decompress_struct *codec, picture *p, cmyk_converter *inks) {
    const size_t width = codec->output_width;
    JSAMPLE *row = need_memory(width, 4), *colours = need_memory(width, 3);
    while (codec->output_scanline < codec->output_height) {
        const JDIMENSION y = codec->output_scanline;
        if (jpeg_read_scanlines(codec, &row, 1) != 1) {
            break;
        }
        if (inks == NULL) {
            picture_put(p, 0, y, (uint32_t)width, row, 0, p->report.colours);
            continue;
        }
        // Adobe's programs store paper as the largest number; a file without their marker is taken by the letter.
        for (size_t i = 0; codec->saw_Adobe_marker && i < 4 * width; i++) {
            row[i] = (JSAMPLE)(255 - row[i]);
        }
        cmyk_convert(inks, row, colours, width);
        picture_put(p, 0, y, (uint32_t)width, colours, 0, 3);
    }
    free(row);
    free(colours);
}

static void take_density(const struct jpeg_decompress_struct *codec, picture *p) {
    const double unit = codec->density_unit == 1 ? 1 : codec->density_unit == 2 ? 2.54 : 0;
    if (codec->saw_JFIF_marker && unit > 0) {
        p->report.metadata.across = codec->X_density * unit;
        p->report.metadata.down = codec->Y_density * unit;
    }
}

void jpeg_decode(source_file file, picture *p) {
    // Not on the stack, since longjmp leaves changed variables undefined there.
    static struct jpeg_decompress_struct codec;
    static errors e;
    static cmyk_converter *inks;
    static volatile bool is_whole;
    static source_file source;

    source = file;
    set_errors(&e);
    codec.err = &e.base;
    if (setjmp(e.away) != 0) {
        if (!is_whole) {
            refuse(&codec, &e);
        }
        e.has_stray_bytes = true;
        warn(&e, source, p);
        return;
    }
    jpeg_create_decompress(&codec);
    e.start = file.bytes;
    jpeg_mem_src(&codec, (unsigned char *)file.bytes, file.size);
    jpeg_save_markers(&codec, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&codec, TRUE);
    const bool gray = codec.jpeg_color_space == JCS_GRAYSCALE;
    const bool ink = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
    codec.out_color_space = ink ? JCS_CMYK : gray ? JCS_GRAYSCALE : JCS_RGB;
    // A progressive file is held as coefficients of two bytes.
    picture_begin(p, codec.image_width, codec.image_height, gray ? 1 : 3, false, 1, codec.progressive_mode ? 12 : 1);
    take_profile(&codec, p, &inks);
    take_density(&codec, p);
    jpeg_start_decompress(&codec);
    store_rows(&codec, p, inks);
    if (codec.output_scanline < codec.output_height || (e.starved && e.rows < ENOUGH_ROWS * codec.output_height)) {
        fail(codec_cut_off, NULL);
    }
    is_whole = true;
    jpeg_finish_decompress(&codec);
    warn(&e, source, p);
}

// MARK: - Segments

// Where the code of the first marker from `at` on lies, as libjpeg finds it: no zero, and not 0xFF, which fills up.
static size_t next_marker(source_file file, size_t at) {
    while (at + 1 < file.size && !(file.bytes[at] == 0xFF && file.bytes[at + 1] != 0xFF && file.bytes[at + 1] != 0)) {
        at++;
    }
    return at + 1;
}

// Copies the segments before the first scan.
// Parameter to: has room for them, or is a null pointer where they are only to be measured.
static size_t copy_segments(source_file file, uint8_t *to) {
    size_t size = 0, at = next_marker(file, 2);
    while (at + 2 < file.size && file.bytes[at] != 0xD9 && file.bytes[at] != 0xDA) {
        const uint8_t code = file.bytes[at];
        // Markers without a length (ITU-T T.81, table B.1).
        const bool is_alone = code == 0x01 || (code >= 0xD0 && code <= 0xD8);
        const size_t length = is_alone ? 0 : (size_t)file.bytes[at + 1] << 8 | file.bytes[at + 2];
        if (!is_alone && (length < 2 || length > file.size - at - 1)) {
            break;
        }
        if (to != NULL && !is_alone) {
            to[size] = 0xFF;
            memcpy(to + size + 1, file.bytes + at, length + 1);
        }
        size += is_alone ? 0 : length + 2;
        at = next_marker(file, at + 1 + length);
    }
    return size;
}

source_file jpeg_segments(source_file file) {
    const size_t size = copy_segments(file, NULL) + 4;
    uint8_t *bytes = need_memory(size, 1);
    memcpy(bytes, "\xFF\xD8", 2);
    copy_segments(file, bytes + 2);
    memcpy(bytes + size - 2, "\xFF\xD9", 2);
    return (source_file){bytes, size};
}

// MARK: - Encoding

void jpeg_encode(drawing *d) {
    static struct jpeg_compress_struct codec;
    static errors e;
    const codec_order *order = &d->order;
    FILE *file = fdopen(CODEC_FILE, "wb");

    if (file == NULL) {
        fail(codec_unwritable, NULL);
    }
    set_errors(&e);
    codec.err = &e.base;
    if (setjmp(e.away) != 0) {
        fail(codec_unwritable, e.message);
    }
    jpeg_create_compress(&codec);
    jpeg_stdio_dest(&codec, file);
    codec.image_width = order->width;
    codec.image_height = order->height;
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, 95, TRUE);
    if (order->metadata.across >= 1 && order->metadata.across < 65535 && order->metadata.down >= 1
        && order->metadata.down < 65535) {
        codec.density_unit = 1;
        codec.X_density = (UINT16)(order->metadata.across + 0.5);
        codec.Y_density = (UINT16)(order->metadata.down + 0.5);
    }
    jpeg_start_compress(&codec, TRUE);
    if (d->exif_size > 0 && d->exif_size < 65000) {
        static const uint8_t start[6] = "Exif\0";
        uint8_t *marker = need_memory(d->exif_size + sizeof start, 1);
        memcpy(marker, start, sizeof start);
        memcpy(marker + sizeof start, d->exif, d->exif_size);
        jpeg_write_marker(&codec, JPEG_APP0 + 1, marker, (unsigned)(d->exif_size + sizeof start));
        free(marker);
    }
    if (order->profile_size > 0) {
        jpeg_write_icc_profile(&codec, d->profile, order->profile_size);
    }
    while (codec.next_scanline < codec.image_height) {
        JSAMPROW row = (JSAMPROW)drawing_next_row(d);
        jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
    if (fflush(file) != 0) {
        fail(codec_unwritable, NULL);
    }
}
