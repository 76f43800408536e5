#include <lcms2.h>

// Swift cannot see function-like macros.

/// Interleaved samples: `extra` channels follow the colour and are skipped; `gray` reads the first channel alone.
static inline cmsUInt32Number shim_pixel_type(int gray, int extra, int bytes, int isFloat) {
    cmsUInt32Number colour = gray ? COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) : COLORSPACE_SH(PT_RGB) | CHANNELS_SH(3);
    return colour | EXTRA_SH(extra) | BYTES_SH(bytes) | FLOAT_SH(isFloat);
}
