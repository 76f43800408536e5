#include "formats.h"
#include "profile.h"

#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
    source_file file;
    size_t position;
    bool ended;
    char message[CODEC_LARGEST_DETAIL];
    /// What libpng said about pixels and colours without giving up.
    char warning[CODEC_LARGEST_DETAIL];
} reading;

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
    reading *r = png_get_io_ptr(png);
    if (count > r->file.size - r->position) {
        r->ended = true;
        png_error(png, "the file ends too early");
    }
    memcpy(bytes, r->file.bytes + r->position, count);
    r->position += count;
}

static void on_error(png_structp png, png_const_charp message) {
    snprintf(((reading *)png_get_error_ptr(png))->message, CODEC_LARGEST_DETAIL, "%s", message);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    static const char chunks[][5] = {"IDAT", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP"};
    reading *r = png_get_error_ptr(png);
    for (size_t i = 0; r != NULL && r->warning[0] == '\0' && i < sizeof chunks / sizeof *chunks; i++) {
        // Of other chunks than the pixels' own, those that are left out; much else that libpng remarks changes nothing.
        if (strncmp(message, chunks[i], 4) == 0 && (i == 0 || strstr(message, "CRC") != NULL)) {
            snprintf(r->warning, sizeof r->warning, "%s", message);
        }
    }
}

// MARK: - Colour

// An `iCCP` chunk: a name, zero, the method 0 and the deflated profile (PNG, third edition, 11.3.2.3). libpng refuses
// profiles that Little CMS reads, so the chunk is taken as it is.
static void take_profile(picture *p, const uint8_t *chunk, size_t size) {
    const uint8_t *zero = memchr(chunk, 0, size < 80 ? size : 80);
    z_stream stream = {0};
    if (zero == NULL || (size_t)(zero - chunk) + 2 > size || inflateInit(&stream) != Z_OK) {
        picture_warn(p, codec_warning_profile, NULL);
        return;
    }
    size_t room = 1 << 16;
    uint8_t *profile = need_memory(room, 1);
    stream.next_in = (uint8_t *)zero + 2;
    stream.avail_in = (uInt)(size - (size_t)(zero - chunk) - 2);
    int state = Z_OK;
    while (state == Z_OK && stream.total_out <= CODEC_LARGEST_PROFILE) {
        if (stream.total_out == room) {
            room *= 2;
            profile = realloc(profile, room);
            if (profile == NULL) {
                fail(codec_no_memory, NULL);
            }
        }
        stream.next_out = profile + stream.total_out;
        stream.avail_out = (uInt)(room - stream.total_out);
        state = inflate(&stream, Z_NO_FLUSH);
    }
    if (state == Z_STREAM_END) {
        picture_set_profile(p, profile, stream.total_out);
    } else {
        picture_warn(p, codec_warning_profile, NULL);
    }
    inflateEnd(&stream);
    free(profile);
}

static const png_unknown_chunk *find_chunk(png_structp png, png_infop info, const char *name) {
    png_unknown_chunkp chunks = NULL;
    const int count = png_get_unknown_chunks(png, info, &chunks);
    for (int i = 0; i < count; i++) {
        if (memcmp(chunks[i].name, name, 4) == 0) {
            return &chunks[i];
        }
    }
    return NULL;
}

// The order of precedence of PNG, third edition, 4.3: cICP, iCCP, sRGB, gAMA and cHRM.
static void take_colour(png_structp png, png_infop info, picture *p) {
    const png_unknown_chunk *cicp = find_chunk(png, info, "cICP"), *iccp = find_chunk(png, info, "iCCP");
    double primaries[8], gamma = 0;
    int intent;

    if (cicp != NULL && cicp->size == 4 && cicp->data[2] == 0) {
        profile_set_cicp(p, cicp->data[0], cicp->data[1]);
        return;
    }
    if (iccp != NULL) {
        take_profile(p, iccp->data, iccp->size);
        return;
    }
    if (png_get_sRGB(png, info, &intent) != 0) {
        return;
    }
    const bool has_gamma = png_get_gAMA(png, info, &gamma) != 0 && gamma > 0.01 && gamma < 100;
    const bool has_primaries = png_get_cHRM(png, info, &primaries[6], &primaries[7], &primaries[0], &primaries[1],
                                            &primaries[2], &primaries[3], &primaries[4], &primaries[5])
                               != 0;
    if (!has_gamma && !has_primaries) {
        return;
    }
    if (!has_primaries) {
        memcpy(primaries, srgb_primaries, sizeof primaries);
    }
    // 1/2.2 is how programs write sRGB's curve in this chunk.
    const bool is_srgb_curve = !has_gamma || fabs(gamma - 0.45455) < 0.001;
    profile_set_primaries(p, primaries, (light_curve){is_srgb_curve ? 0 : 1 / gamma, NULL, 0});
}

// MARK: - Pixels

static void begin(png_structp png, png_infop info, picture *p) {
    png_uint_32 width, height;
    int bits, kind, interlace;
    png_get_IHDR(png, info, &width, &height, &bits, &kind, &interlace, NULL, NULL);
    png_set_expand(png);
    if (bits == 16) {
        png_set_swap(png);
    }
    const bool alpha = (kind & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    const bool gray = (kind & PNG_COLOR_MASK_COLOR) == 0;
    const unsigned depth = bits == 16 ? 2 : 1, channels = (gray ? 1 : 3) + (alpha ? 1 : 0);
    const bool held = interlace != PNG_INTERLACE_NONE;
    picture_begin(p, width, height, gray ? 1 : 3, alpha, depth, held ? channels * depth : 0);
}

static void store_rows(png_structp png, picture *p, bool interlaced) {
    const size_t size = picture_row_bytes(p);
    const uint32_t height = p->stored_height, width = p->stored_width;
    const unsigned channels = picture_channels(p);
    if (!interlaced) {
        uint8_t *row = need_memory(size, 1);
        for (uint32_t y = 0; y < height; y++) {
            png_read_row(png, row, NULL);
            picture_put(p, 0, y, width, row, 0, channels);
        }
        free(row);
        return;
    }
    const bool turned = picture_row(p, 0) == NULL;
    uint8_t **rows = need_memory(height, sizeof *rows), *held = turned ? need_memory(height, size) : NULL;
    for (uint32_t y = 0; y < height; y++) {
        rows[y] = turned ? held + y * size : picture_row(p, y);
    }
    png_read_image(png, rows);
    for (uint32_t y = 0; turned && y < height; y++) {
        picture_put(p, 0, y, width, rows[y], 0, channels);
    }
    free(rows);
    free(held);
}

static void take_density(png_structp png, png_infop info, picture *p) {
    png_uint_32 across, down;
    int unit;
    if (png_get_pHYs(png, info, &across, &down, &unit) != 0 && unit == PNG_RESOLUTION_METER) {
        p->report.metadata.across = across * 0.0254;
        p->report.metadata.down = down * 0.0254;
    }
}

void png_decode(source_file file, picture *p) {
    static reading r;
    static volatile bool is_whole;
    r.file = file;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        fail(codec_no_memory, NULL);
    }
    if (setjmp(png_jmpbuf(png)) != 0) {
        // Behind the last row, only the end of the file or of the pixels' own data can be missed.
        if (is_whole) {
            if (r.warning[0] != '\0') {
                picture_warn(p, codec_warning_damaged, r.warning);
            } else if (r.ended || strncmp(r.message, "IDAT", 4) == 0) {
                picture_warn(p, codec_warning_damaged, r.message);
            }
            return;
        }
        fail(r.ended ? codec_cut_off : codec_damaged, r.message);
    }
    png_set_read_fn(png, &r, read_bytes);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep) "iCCP\0cICP", 2);
    png_set_user_limits(png, INT32_MAX, INT32_MAX);
    png_read_info(png, info);
    const bool interlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
    begin(png, info, p);
    take_colour(png, info, p);
    take_density(png, info, p);
    png_set_interlace_handling(png);
    png_start_read_image(png);
    store_rows(png, p, interlaced);
    is_whole = true;
    png_read_end(png, NULL);
    if (r.warning[0] != '\0') {
        picture_warn(p, codec_warning_damaged, r.warning);
    }
}

// MARK: - Encoding

static void write_profile(png_structp png, const drawing *d) {
    static const uint8_t name[13] = "ICC profile\0";
    uLongf size = compressBound(d->order.profile_size);
    uint8_t *chunk = need_memory(sizeof name + size, 1);
    memcpy(chunk, name, sizeof name);
    if (compress2(chunk + sizeof name, &size, d->profile, d->order.profile_size, 9) == Z_OK) {
        png_write_chunk(png, (png_const_bytep) "iCCP", chunk, sizeof name + size);
    }
    free(chunk);
}

static void write_header(png_structp png, png_infop info, drawing *d) {
    const codec_order *order = &d->order;
    png_set_IHDR(png, info, order->width, order->height, order->depth == 1 ? 8 : 16,
                 order->alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (order->metadata.across >= 1 && order->metadata.across < 1e6 && order->metadata.down >= 1
        && order->metadata.down < 1e6) {
        png_set_pHYs(png, info, (png_uint_32)(order->metadata.across / 0.0254 + 0.5),
                     (png_uint_32)(order->metadata.down / 0.0254 + 0.5), PNG_RESOLUTION_METER);
    }
    if (d->exif_size > 0) {
        png_set_eXIf_1(png, info, (png_uint_32)d->exif_size, d->exif);
    }
    png_write_info_before_PLTE(png, info);
    if (order->profile_size > 0) {
        write_profile(png, d);
    }
    png_write_info(png, info);
}

void png_encode(drawing *d) {
    static reading r;
    FILE *file = fdopen(CODEC_FILE, "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &r, on_error, on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL || file == NULL) {
        fail(codec_no_memory, NULL);
    }
    if (setjmp(png_jmpbuf(png)) != 0) {
        fail(codec_unwritable, r.message);
    }
    png_init_io(png, file);
    png_set_user_limits(png, INT32_MAX, INT32_MAX);
    // What stays of a drawing after this filter is zeros with short differences between them: runs and Huffman's code
    // alone pack that smaller than matches found in haste, in less than half the time (Benchmarks/README.md).
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_PAETH);
    png_set_compression_strategy(png, Z_RLE);
    write_header(png, info, d);
    if (d->order.depth == 2) {
        png_set_swap(png);
    }
    for (uint32_t y = 0; y < d->order.height; y++) {
        png_write_row(png, drawing_next_row(d));
    }
    png_write_end(png, info);
    if (fflush(file) != 0) {
        fail(codec_unwritable, NULL);
    }
}
