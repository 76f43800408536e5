#ifndef TIFF_PAGES_H
#define TIFF_PAGES_H

#include <tiffio.h>

/// Goes to the first page of a file that is not a smaller copy of another one. Does not return when the file is a
/// camera's raw photograph.
void tiff_choose_page(TIFF *file);

#endif
