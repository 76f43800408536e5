#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

/// A file in memory.
typedef struct {
    const uint8_t *bytes;
    size_t size;
} source_file;

/// A picture that is being decoded; its samples go straight into the temporary file, upright.
typedef struct {
    codec_report report;
    uint8_t *profile;
    char detail[CODEC_LARGEST_DETAIL];
    /// Side lengths as stored, and how they must be turned: 1…8 as the Exif tag 274 says.
    uint32_t stored_width, stored_height;
    unsigned orientation;
    uint8_t *samples;
    size_t mapped;
    uint64_t most_pixels;
} picture;

/// Ends the process with a report.
/// - Parameter detail: more words for the user, or a null pointer.
_Noreturn void fail(codec_outcome outcome, const char *detail);

/// `malloc` that ends the process instead of failing.
void *need_memory(size_t count, size_t size);

/// Checks the size and makes room for the samples; what they cost is allowed to the process from now on.
/// - Parameters:
///   - depth: bytes of a sample.
///   - bytes_per_pixel: what the decoder itself needs for the whole picture.
void picture_begin(picture *p, uint64_t width, uint64_t height, unsigned colours, bool alpha, unsigned depth,
                   unsigned bytes_per_pixel);

/// Samples of a pixel, and bytes of a stored row.
unsigned picture_channels(const picture *p);
size_t picture_row_bytes(const picture *p);

/// Where stored row `y` lies in the temporary file, for a decoder that writes it there itself; a null pointer when the
/// picture must be turned.
uint8_t *picture_row(picture *p, uint32_t y);

/// Stores samples of stored row `y`: `count` channels of each pixel from channel `first` on, `width` pixels from `x`
/// on.
void picture_put(picture *p, uint32_t x, uint32_t y, uint32_t width, const void *samples, unsigned first,
                 unsigned count);

/// Notes something for the user; the first one is kept.
void picture_warn(picture *p, unsigned warning, const char *detail);

/// Copies `size` bytes of an ICC profile, to be checked once the picture is whole; an oversized one is a warning.
void picture_set_profile(picture *p, const void *bytes, size_t size);

#endif
