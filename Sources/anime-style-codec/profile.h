#ifndef PROFILE_H
#define PROFILE_H

#include "picture.h"

/// Looks whether Little CMS can turn the picture's samples into sRGB by its profile, with colours that make sense; a
/// profile that fails is taken away, with a warning.
void profile_check(picture *p);

/// How light follows from a sample of 0 to 1: by the power `gamma`; when that is 0, by `count` (2…65536) equidistant
/// values in `table`; without a table, as in sRGB.
typedef struct {
    double gamma;
    const float *table;
    unsigned count;
} light_curve;

/// Takes colours that a file says in numbers as the picture's profile, unless they are sRGB.
/// - Parameter primaries: x and y of red, green, blue and white.
void profile_set_primaries(picture *p, const double primaries[8], light_curve curve);

/// Primaries of sRGB, as above.
extern const double srgb_primaries[8];

/// Code points of ITU-T H.273 as PNG's cICP chunk, HEIF and others carry them; those of sRGB and unknown ones are left.
void profile_set_cicp(picture *p, unsigned primaries, unsigned transfer);

/// Turns cyan, magenta, yellow and black into sRGB.
typedef struct cmyk_converter cmyk_converter;

/// - Parameters:
///   - depth: bytes of a sample, 1 or 2.
///   - profile, size: an ICC profile; one that cannot be used is a warning, and ink is then taken as plain complement.
cmyk_converter *cmyk_begin(picture *p, unsigned depth, const void *profile, size_t size);

/// Converts `count` pixels of four samples, full ink being the largest number, to three.
void cmyk_convert(cmyk_converter *converter, const void *inks, void *colours, size_t count);

#endif
