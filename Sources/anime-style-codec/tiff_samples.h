#ifndef TIFF_SAMPLES_H
#define TIFF_SAMPLES_H

#include "profile.h"

#include <tiffio.h>

// Sample layouts of what other programs write (TIFF 6.0, and Adobe's and libtiff's own additions).
typedef struct {
    TIFF *file;
    uint32_t width, height;
    uint16_t samples, bits, format, photometric, planar;
    /// Samples of colour, 1, 3 or 4, before anything else; the sample of alpha, or −1.
    int colours, alpha;
    bool is_premultiplied;
    uint16_t *palette[3];
    cmyk_converter *inks;
    /// One row: as many samples as the file has, and as the picture gets.
    void *unpacked, *finished;
} tiff_layout;

/// Bytes of a sample of the picture: 1, 2, or 4 for floats.
unsigned tiff_depth(const tiff_layout *l);

/// Samples of the file as those of the picture: 8 or 16 bits, or floats.
void tiff_unpack(const tiff_layout *l, const uint8_t *raw, size_t count, void *to);

/// Colour and alpha of `width` pixels out of all their samples, from `unpacked` to `finished`, as the picture has them.
void tiff_finish_row(const tiff_layout *l, const picture *p, size_t width);

#endif
