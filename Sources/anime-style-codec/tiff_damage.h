#ifndef TIFF_DAMAGE_H
#define TIFF_DAMAGE_H

#include "picture.h"

#include <tiffio.h>

/// Signs of damage in the packed data of a page that has been read, which libtiff passes over: it unpacks as much as
/// the picture needs, and looks at no sum behind that.
/// - Parameter file: what `tiff` reads.
/// - Returns: a text for the user, or a null pointer.
const char *tiff_damage(TIFF *tiff, source_file file);

#endif
