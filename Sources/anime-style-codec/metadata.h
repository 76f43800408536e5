#ifndef METADATA_H
#define METADATA_H

#include "formats.h"

/// Reads what a drawing takes over, and how the picture must be turned (1…8), through exiv2.
/// - Parameter orientation: 1 when the file says nothing.
void metadata_read(source_file file, codec_metadata *metadata, unsigned *orientation);

/// Fills `d->exif` from the order's metadata.
void metadata_make_exif(drawing *d);

#endif
