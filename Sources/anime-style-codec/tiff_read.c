#include "formats.h"
#include "tiff_damage.h"
#include "tiff_pages.h"
#include "tiff_samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char message[CODEC_LARGEST_DETAIL];
/// What libtiff said when it left a palette out, whose numbers are then shown as grays.
static char lost_palette[CODEC_LARGEST_DETAIL];

static void on_error(const char *module, const char *format, va_list arguments) {
    (void)module;
    if (message[0] == '\0') {
        vsnprintf(message, sizeof message, format, arguments);
    }
}

// Of what libtiff remarks, this is about the pixels: a palette, and decoders that go on behind data they cannot read.
static void on_warning(const char *module, const char *format, va_list arguments) {
    char text[CODEC_LARGEST_DETAIL];
    vsnprintf(text, sizeof text, format, arguments);
    if (strstr(text, "ColorMap") != NULL) {
        memcpy(lost_palette, text, sizeof text);
        return;
    }
    // Bytes to spare cost no pixel.
    const bool is_decoder = module != NULL && (strncmp(module, "JPEGLib", 7) == 0 || strncmp(module, "Fax", 3) == 0);
    if (is_decoder && message[0] == '\0' && strstr(text, "extraneous") == NULL) {
        memcpy(message, text, sizeof text);
    }
}

// MARK: - Strips and tiles

// Rows of a rectangle; `planes` has one pointer, or one for each sample of a file that keeps them apart.
static void store_block(tiff_layout *l, picture *p, uint32_t x, uint32_t y, uint32_t width, uint32_t height,
                        uint8_t *const *planes, size_t row_bytes) {
    // Four samples are what the inks' converter reads.
    const unsigned depth = p->report.depth;
    for (uint32_t row = 0; row < height; row++) {
        if (l->planar == PLANARCONFIG_CONTIG) {
            tiff_unpack(l, planes[0] + row * row_bytes, (size_t)width * l->samples, l->unpacked);
        } else {
            for (uint16_t s = 0; s < l->samples; s++) {
                tiff_unpack(l, planes[s] + row * row_bytes, width, l->finished);
                for (uint32_t i = 0; i < width; i++) {
                    memcpy((uint8_t *)l->unpacked + ((size_t)i * l->samples + s) * depth,
                           (uint8_t *)l->finished + (size_t)i * depth, depth);
                }
            }
        }
        if (l->inks != NULL && l->samples > 4) {
            for (uint32_t i = 1; i < width; i++) {
                memmove((uint8_t *)l->unpacked + (size_t)i * 4 * depth,
                        (uint8_t *)l->unpacked + (size_t)i * l->samples * depth, 4 * depth);
            }
        }
        tiff_finish_row(l, p, width);
        picture_put(p, x, y + row, width, l->finished, 0, picture_channels(p));
    }
}

static _Noreturn void refuse(void) { fail(codec_damaged, message); }

static size_t checked(tmsize_t size) {
    if (size <= 0) {
        refuse();
    }
    return (size_t)size;
}

static void read_tiles(tiff_layout *l, picture *p) {
    uint32_t tile_width = 0, tile_height = 0;
    const size_t size = checked(TIFFTileSize(l->file)), row_bytes = checked(TIFFTileRowSize(l->file));
    const uint16_t planes = l->planar == PLANARCONFIG_CONTIG ? 1 : l->samples;
    TIFFGetField(l->file, TIFFTAG_TILEWIDTH, &tile_width);
    TIFFGetField(l->file, TIFFTAG_TILELENGTH, &tile_height);
    uint8_t **tiles = need_memory(planes, sizeof *tiles);
    for (uint16_t s = 0; s < planes; s++) {
        tiles[s] = need_memory(size, 1);
    }
    for (uint32_t y = 0; y < l->height; y += tile_height) {
        for (uint32_t x = 0; x < l->width; x += tile_width) {
            for (uint16_t s = 0; s < planes; s++) {
                if (TIFFReadTile(l->file, tiles[s], x, y, 0, s) < 0) {
                    refuse();
                }
            }
            const uint32_t width = l->width - x < tile_width ? l->width - x : tile_width;
            const uint32_t height = l->height - y < tile_height ? l->height - y : tile_height;
            store_block(l, p, x, y, width, height, tiles, row_bytes);
        }
    }
}

static void read_rows(tiff_layout *l, picture *p) {
    const size_t row_bytes = checked(TIFFScanlineSize(l->file));
    uint8_t *row = need_memory(row_bytes, 1);
    for (uint32_t y = 0; y < l->height; y++) {
        if (TIFFReadScanline(l->file, row, y, 0) < 0) {
            refuse();
        }
        store_block(l, p, 0, y, l->width, 1, &row, row_bytes);
    }
}

// Samples apart from each other: a strip of each at a time.
static void read_planes(tiff_layout *l, picture *p) {
    const size_t row_bytes = checked(TIFFScanlineSize(l->file)), size = checked(TIFFStripSize(l->file));
    uint32_t rows = l->height;
    TIFFGetFieldDefaulted(l->file, TIFFTAG_ROWSPERSTRIP, &rows);
    rows = rows == 0 || rows > l->height ? l->height : rows;
    uint8_t **strips = need_memory(l->samples, sizeof *strips);
    for (uint16_t s = 0; s < l->samples; s++) {
        strips[s] = need_memory(size, 1);
    }
    for (uint32_t y = 0; y < l->height; y += rows) {
        const uint32_t count = l->height - y < rows ? l->height - y : rows;
        for (uint16_t s = 0; s < l->samples; s++) {
            if (TIFFReadEncodedStrip(l->file, TIFFComputeStrip(l->file, y, s), strips[s], (tmsize_t)(count * row_bytes))
                < 0) {
                refuse();
            }
        }
        store_block(l, p, 0, y, l->width, count, strips, row_bytes);
    }
}

// Through libtiff's own conversion to eight bits, for YCbCr without JPEG, CIE L*a*b* and LogLuv.
static void read_converted(tiff_layout *l, picture *p) {
    if (l->bits > 16) {
        fail(codec_unsupported, "TIFF with samples of a rare kind");
    }
    picture_begin(p, l->width, l->height, 3, false, 1, 8);
    uint32_t *raster = need_memory((size_t)l->width * l->height, sizeof *raster);
    uint8_t *row = need_memory(l->width, 3);
    if (!TIFFReadRGBAImageOriented(l->file, l->width, l->height, raster, (int)p->orientation, 1)) {
        refuse();
    }
    for (uint32_t y = 0; y < l->height; y++) {
        for (uint32_t x = 0; x < l->width; x++) {
            const uint32_t pixel = raster[(size_t)y * l->width + x];
            row[3 * x] = TIFFGetR(pixel);
            row[3 * x + 1] = TIFFGetG(pixel);
            row[3 * x + 2] = TIFFGetB(pixel);
        }
        picture_put(p, 0, y, l->width, row, 0, 3);
    }
}

// MARK: - Reading

// Which of the extra samples is alpha; those that the file does not call so are other programs' masks and the like.
static void find_alpha(tiff_layout *l) {
    uint16_t count = 0, *kinds = NULL;
    l->alpha = -1;
    TIFFGetFieldDefaulted(l->file, TIFFTAG_EXTRASAMPLES, &count, &kinds);
    for (uint16_t i = 0; i < count && l->inks == NULL && kinds != NULL; i++) {
        if (l->colours + i < l->samples && kinds[i] != EXTRASAMPLE_UNSPECIFIED) {
            l->alpha = l->colours + i;
            l->is_premultiplied = kinds[i] == EXTRASAMPLE_ASSOCALPHA;
            return;
        }
    }
}

static bool has_plain_samples(tiff_layout *l) {
    uint16_t ink_set = INKSET_CMYK;
    switch (l->photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK: l->colours = 1; break;
    case PHOTOMETRIC_RGB: l->colours = 3; break;
    case PHOTOMETRIC_PALETTE:
        l->colours = 1;
        if (l->bits > 8 || !TIFFGetField(l->file, TIFFTAG_COLORMAP, &l->palette[0], &l->palette[1], &l->palette[2])) {
            refuse();
        }
        break;
    case PHOTOMETRIC_SEPARATED:
        l->colours = 4;
        TIFFGetFieldDefaulted(l->file, TIFFTAG_INKSET, &ink_set);
        if (ink_set != INKSET_CMYK || l->bits == 32) {
            fail(codec_unsupported, "TIFF of other inks than cyan, magenta, yellow and black");
        }
        break;
    default: return false;
    }
    const bool is_float = l->format == SAMPLEFORMAT_IEEEFP && (l->bits == 16 || l->bits == 32 || l->bits == 64)
                          && l->photometric != PHOTOMETRIC_PALETTE && l->photometric != PHOTOMETRIC_SEPARATED;
    const bool is_whole = (l->format == SAMPLEFORMAT_UINT || l->format == SAMPLEFORMAT_VOID)
                          && ((l->bits >= 1 && l->bits <= 16) || l->bits == 32);
    if (!is_float && !is_whole) {
        fail(codec_unsupported, "TIFF with samples of a rare kind");
    }
    if (l->samples < l->colours) {
        refuse();
    }
    return true;
}

static void read_layout(tiff_layout *l) {
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetField(l->file, TIFFTAG_IMAGEWIDTH, &l->width);
    TIFFGetField(l->file, TIFFTAG_IMAGELENGTH, &l->height);
    TIFFGetFieldDefaulted(l->file, TIFFTAG_BITSPERSAMPLE, &l->bits);
    TIFFGetFieldDefaulted(l->file, TIFFTAG_SAMPLESPERPIXEL, &l->samples);
    TIFFGetFieldDefaulted(l->file, TIFFTAG_SAMPLEFORMAT, &l->format);
    TIFFGetFieldDefaulted(l->file, TIFFTAG_PLANARCONFIG, &l->planar);
    TIFFGetFieldDefaulted(l->file, TIFFTAG_COMPRESSION, &compression);
    if (!TIFFGetField(l->file, TIFFTAG_PHOTOMETRIC, &l->photometric)) {
        l->photometric = l->samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
    }
    if (l->samples == 0 || l->samples > 64) {
        refuse();
    }
    if (l->photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG && l->planar == PLANARCONFIG_CONTIG) {
        TIFFSetField(l->file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        l->photometric = PHOTOMETRIC_RGB;
    }
}

static void take_profile_and_density(tiff_layout *l, picture *p) {
    uint32_t size = 0;
    void *profile = NULL;
    float across = 0, down = 0;
    uint16_t unit = RESUNIT_INCH;
    const bool has_profile = TIFFGetField(l->file, TIFFTAG_ICCPROFILE, &size, &profile) != 0;
    if (l->photometric == PHOTOMETRIC_SEPARATED) {
        l->inks = cmyk_begin(p, tiff_depth(l), has_profile ? profile : NULL, size);
    } else if (has_profile) {
        picture_set_profile(p, profile, size);
    }
    TIFFGetFieldDefaulted(l->file, TIFFTAG_RESOLUTIONUNIT, &unit);
    if (unit != RESUNIT_NONE && TIFFGetField(l->file, TIFFTAG_XRESOLUTION, &across)
        && TIFFGetField(l->file, TIFFTAG_YRESOLUTION, &down)) {
        const double scale = unit == RESUNIT_CENTIMETER ? 2.54 : 1;
        p->report.metadata.across = isfinite(across) && across > 0 ? scale * (double)across : 0;
        p->report.metadata.down = isfinite(down) && down > 0 ? scale * (double)down : 0;
    }
}

static void read_pixels(tiff_layout *l, picture *p) {
    if (TIFFIsTiled(l->file)) {
        read_tiles(l, p);
    } else if (l->planar == PLANARCONFIG_CONTIG) {
        read_rows(l, p);
    } else {
        read_planes(l, p);
    }
}

static void warn(const tiff_layout *l, source_file file, picture *p) {
    const char *text = message[0] != '\0' ? message : tiff_damage(l->file, file);
    if (text == NULL && lost_palette[0] != '\0') {
        text = lost_palette;
    }
    if (text != NULL) {
        picture_warn(p, codec_warning_damaged, text);
    }
}

void tiff_decode(source_file file, picture *p) {
    tiff_layout l = {.photometric = 0};
    uint16_t orientation = 1;
    TIFFSetErrorHandler(on_error);
    TIFFSetWarningHandler(on_warning);
    l.file = TIFFFdOpen(dup(STDIN_FILENO), "picture", "r");
    if (l.file == NULL) {
        refuse();
    }
    tiff_choose_page(l.file);
    message[0] = '\0';
    read_layout(&l);
    TIFFGetFieldDefaulted(l.file, TIFFTAG_ORIENTATION, &orientation);
    p->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    const bool plain = has_plain_samples(&l);
    take_profile_and_density(&l, p);
    message[0] = '\0';
    if (!plain) {
        read_converted(&l, p);
        warn(&l, file, p);
        return;
    }
    find_alpha(&l);
    const unsigned colours = l.colours == 1 && l.photometric != PHOTOMETRIC_PALETTE ? 1 : 3;
    const unsigned held = l.planar == PLANARCONFIG_CONTIG ? 2 : l.samples * (l.bits + 7u) / 8;
    picture_begin(p, l.width, l.height, colours, l.alpha >= 0 && l.photometric != PHOTOMETRIC_PALETTE, tiff_depth(&l),
                  held);
    const size_t channels = l.samples > 4 ? l.samples : 4;
    l.unpacked = need_memory((size_t)l.width * channels, 4);
    l.finished = need_memory((size_t)l.width * channels, 4);
    message[0] = '\0';
    read_pixels(&l, p);
    warn(&l, file, p);
}
