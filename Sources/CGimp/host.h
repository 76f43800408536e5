/* The one door to what differs between GIMP 2.10 and GIMP 3.
 *
 * Both know images and items by number, so all code above speaks of numbers: -1 stands for none, and an item that was
 * deleted meanwhile answers -1, 0 or NULL. Which GIMP it is follows from the headers; a build is for one of them. */
#pragma once

/* The format `encoding` in the colour space of `buffer`, so that numbers are moved as they are. GIMP 3's buffers carry
 * the image's colour space; `babl_format (encoding)` alone would have them converted to sRGB there. */
static inline const Babl *
host_format (const gchar *encoding, GeglBuffer *buffer)
{
  return babl_format_with_space (encoding, gegl_buffer_get_format (buffer));
}

#if GIMP_CHECK_VERSION(2, 99, 0)
#include "host-3.h"
#else
#include "host-2.10.h"
#endif
#include "alike.h"
