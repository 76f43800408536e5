#include "formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

static char message[CODEC_LARGEST_DETAIL];

static void on_error(const char *module, const char *format, va_list arguments) {
    (void)module;
    if (message[0] == '\0') {
        vsnprintf(message, sizeof message, format, arguments);
    }
}

static _Noreturn void refuse(void) { fail(codec_unwritable, message); }

static void set_text(TIFF *file, uint32_t tag, const char *text) {
    if (text[0] != '\0') {
        TIFFSetField(file, tag, text);
    }
}

static void set_metadata(TIFF *file, const codec_metadata *m) {
    set_text(file, TIFFTAG_DATETIME, m->changed);
    set_text(file, TIFFTAG_ARTIST, m->author);
    set_text(file, TIFFTAG_COPYRIGHT, m->copyright);
    if (m->across > 0 && m->down > 0) {
        TIFFSetField(file, TIFFTAG_XRESOLUTION, m->across);
        TIFFSetField(file, TIFFTAG_YRESOLUTION, m->down);
        TIFFSetField(file, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    }
}

static void set_layout(TIFF *file, const drawing *d) {
    const codec_order *order = &d->order;
    const uint16_t samples = order->alpha ? 4 : 3, alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(file, TIFFTAG_IMAGEWIDTH, order->width);
    TIFFSetField(file, TIFFTAG_IMAGELENGTH, order->height);
    TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, 8 * order->depth);
    TIFFSetField(file, TIFFTAG_SAMPLEFORMAT, order->depth == 4 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
    TIFFSetField(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(file, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    if (order->alpha) {
        TIFFSetField(file, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
    if (order->depth < 4) {
        TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
        TIFFSetField(file, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
    }
    TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(file, 0));
    if (order->profile_size > 0) {
        TIFFSetField(file, TIFFTAG_ICCPROFILE, order->profile_size, d->profile);
    }
}

// The dates that Exif has in a directory of its own.
static void add_dates(TIFF *file, const codec_metadata *m) {
    uint64_t place = 0;
    if (!TIFFWriteDirectory(file) || TIFFCreateEXIFDirectory(file) != 0) {
        refuse();
    }
    set_text(file, EXIFTAG_DATETIMEORIGINAL, m->taken);
    set_text(file, EXIFTAG_DATETIMEDIGITIZED, m->digitized);
    if (!TIFFWriteCustomDirectory(file, &place) || !TIFFSetDirectory(file, 0)
        || !TIFFSetField(file, TIFFTAG_EXIFIFD, place) || !TIFFRewriteDirectory(file)) {
        refuse();
    }
}

void tiff_encode(drawing *d) {
    const uint64_t bytes = (uint64_t)drawing_row_bytes(d) * d->order.height;
    const codec_metadata *m = &d->order.metadata;
    uint8_t *row = need_memory(drawing_row_bytes(d), 1);
    TIFFSetErrorHandler(on_error);
    TIFFSetWarningHandler(NULL);
    // Offsets of the usual kind end at 4 GB, and LZW may lengthen what it cannot shorten.
    TIFF *file = TIFFFdOpen(CODEC_FILE, "drawing", bytes > 2500000000u ? "w8" : "w");
    if (file == NULL) {
        refuse();
    }
    set_layout(file, d);
    set_metadata(file, m);
    for (uint32_t y = 0; y < d->order.height; y++) {
        // The predictor works in place.
        memcpy(row, drawing_next_row(d), drawing_row_bytes(d));
        if (TIFFWriteScanline(file, row, y, 0) < 0) {
            refuse();
        }
    }
    if (m->taken[0] != '\0' || m->digitized[0] != '\0') {
        add_dates(file, m);
    } else if (!TIFFWriteDirectory(file)) {
        refuse();
    }
    if (message[0] != '\0') {
        refuse();
    }
    free(row);
}
