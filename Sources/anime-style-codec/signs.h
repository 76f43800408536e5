#ifndef SIGNS_H
#define SIGNS_H

#include "picture.h"

// Signs of damage that decoders pass over without a word: they draw what damaged data say, as long as there are enough
// of them. Each function returns a text for the user, or a null pointer when the data agree with themselves.

/// Data of LZW as GIF or TIFF pack them.
typedef struct {
    const uint8_t *bytes;
    size_t size;
    /// Bits of a value, 2…8; 8 in TIFF.
    unsigned value_bits;
    /// Whether the first bit of a byte is its highest, and codes grow one code earlier than they must, as in TIFF.
    bool is_tiff;
} lzw_data;

/// What LZW data hold, found without unpacking them.
typedef struct {
    uint64_t values;
    /// Whether there is a code that no code before allows.
    bool is_broken;
} lzw_content;

/// - Parameter most: values behind which nothing more is looked at.
lzw_content lzw_measure(lzw_data data, uint64_t most);

/// The first frame of a GIF: where its data end, behind the file's end when they do not, and whether they are as many
/// as its pixels.
uint64_t gif_end_of_first_frame(source_file file);
const char *gif_damage(source_file file);

/// A bitmap whose rows are packed as runs; one that cannot have nearly as many pixels as it says ends the process.
const char *bmp_damage(source_file file);

/// What the segments of a JPEG file say that its scans need: kept from one call to the next, since a TIFF file has them
/// once for all its strips.
typedef struct jpeg_tables jpeg_tables;
jpeg_tables *jpeg_tables_make(void);
/// Walks through all scans of a baseline file, or through tables alone. Of other kinds of JPEG nothing is said.
/// - Parameter ends_with_scans: whether bytes between a scan's last block and what follows are damage, as in a strip; a
///   file may have stray ones there.
const char *jpeg_damage(jpeg_tables *tables, const uint8_t *bytes, size_t size, bool ends_with_scans);

/// The first frame of a WebP file: whether it is whole before its data end.
const char *webp_damage(const uint8_t *bytes, size_t size);

#endif
