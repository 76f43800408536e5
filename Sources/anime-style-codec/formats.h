#ifndef FORMATS_H
#define FORMATS_H

#include "picture.h"

// Decoders: each begins the picture, stores its rows, and notes profile, resolution and warnings. None returns when the
// file has no picture for it.

void jpeg_decode(source_file file, picture *p);
/// What comes before a JPEG's first scan, as a file of its own without the bytes between segments, over which exiv2
/// stumbles.
source_file jpeg_segments(source_file file);
void png_decode(source_file file, picture *p);
void tiff_decode(source_file file, picture *p);
void webp_decode(source_file file, picture *p);
void heif_decode(source_file file, picture *p);
void jxl_decode(source_file file, picture *p);
void jp2_decode(source_file file, picture *p);
/// GIF, BMP and whatever else GdkPixbuf has a loader for.
/// - Parameter kind: what the file is when GdkPixbuf does not know it, or a null pointer.
void pixbuf_decode(source_file file, picture *p, const char *kind);

/// Rows that are still to be encoded.
typedef struct {
    codec_order order;
    uint8_t *profile;
    /// Exif data without the six bytes before it in JPEG; empty when the drawing takes nothing over.
    uint8_t *exif;
    size_t exif_size;
} drawing;

/// The next row, which stays until the next call.
const uint8_t *drawing_next_row(drawing *d);
size_t drawing_row_bytes(const drawing *d);

// Encoders: each writes the whole file to `CODEC_FILE` or ends the process with a report.

void jpeg_encode(drawing *d);
void png_encode(drawing *d);
void tiff_encode(drawing *d);
void webp_encode(drawing *d);

#endif
