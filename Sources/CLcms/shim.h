#include <lcms2.h>
#include <lcms2_plugin.h>

// Swift cannot see function-like macros. Interleaved floats; the extra channels follow the colour and are left alone.

static inline cmsUInt32Number shim_rgb_with_extra_floats(int extra) {
    return FLOAT_SH(1) | COLORSPACE_SH(PT_RGB) | CHANNELS_SH(3) | EXTRA_SH(extra) | BYTES_SH(4);
}

static inline cmsUInt32Number shim_gray_with_extra_floats(int extra) {
    return FLOAT_SH(1) | COLORSPACE_SH(PT_GRAY) | CHANNELS_SH(1) | EXTRA_SH(extra) | BYTES_SH(4);
}
