#include "profile.h"

#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Colours that real spaces reach stay well within; a damaged profile's may not.
#define WILDEST 16.0f

static bool is_sane(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]) || fabsf(values[i]) > WILDEST) {
            return false;
        }
    }
    return true;
}

// A grid over all colours, through the profile as the caller of this process will do it.
static bool converts(cmsHPROFILE profile, cmsHPROFILE srgb, bool gray) {
    enum { steps = 9, count = steps * steps * steps };
    static float given[count][3], made[count][3];
    const cmsUInt32Number file = gray ? TYPE_GRAY_FLT : TYPE_RGB_FLT, flags = cmsFLAGS_NOCACHE;
    cmsHTRANSFORM transform =
        cmsCreateTransform(profile, file, srgb, TYPE_RGB_FLT, INTENT_RELATIVE_COLORIMETRIC, flags);
    if (transform == NULL) {
        return false;
    }
    float *next = given[0];
    for (int i = 0; i < count; i++) {
        if (gray) {
            *next++ = (float)i / (count - 1);
            continue;
        }
        *next++ = (float)(i / (steps * steps)) / (steps - 1);
        *next++ = (float)(i / steps % steps) / (steps - 1);
        *next++ = (float)(i % steps) / (steps - 1);
    }
    cmsDoTransform(transform, given, made, count);
    cmsDeleteTransform(transform);
    return is_sane(made[0], 3 * count);
}

static bool fits(const void *bytes, size_t size, unsigned colours) {
    cmsHPROFILE profile = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)size), srgb = cmsCreate_sRGBProfile();
    if (profile == NULL || srgb == NULL) {
        return false;
    }
    const cmsColorSpaceSignature space = cmsGetColorSpace(profile);
    const cmsProfileClassSignature kind = cmsGetDeviceClass(profile);
    const bool gray = space == cmsSigGrayData;
    const bool usable = (gray || space == cmsSigRgbData) && colours <= 3
                        && (kind == cmsSigInputClass || kind == cmsSigDisplayClass || kind == cmsSigOutputClass
                            || kind == cmsSigColorSpaceClass)
                        && converts(profile, srgb, gray);
    cmsCloseProfile(profile);
    cmsCloseProfile(srgb);
    return usable;
}

void profile_check(picture *p) {
    if (p->profile == NULL || fits(p->profile, p->report.profile_size, p->report.colours)) {
        return;
    }
    free(p->profile);
    p->profile = NULL;
    p->report.profile_size = 0;
    picture_warn(p, codec_warning_profile, NULL);
}

// MARK: - Colours said in numbers

const double srgb_primaries[8] = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290};

static bool are_srgb(const double primaries[8]) {
    for (int i = 0; i < 8; i++) {
        // Files say them with three to five digits.
        if (fabs(primaries[i] - srgb_primaries[i]) > 0.002) {
            return false;
        }
    }
    return true;
}

static cmsToneCurve *tone_curve(light_curve curve) {
    // IEC 61966-2-1 as lcms's type 4.
    static const cmsFloat64Number srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return curve.gamma > 0       ? cmsBuildGamma(NULL, curve.gamma)
           : curve.table != NULL ? cmsBuildTabulatedToneCurveFloat(NULL, curve.count, curve.table)
                                 : cmsBuildParametricToneCurve(NULL, 4, srgb);
}

void profile_set_primaries(picture *p, const double primaries[8], light_curve curve) {
    const bool same_colours = are_srgb(primaries);
    if (same_colours && curve.gamma == 0 && curve.table == NULL) {
        return;
    }
    const cmsCIExyY white = {primaries[6], primaries[7], 1};
    const cmsCIExyYTRIPLE colours = {
        {primaries[0], primaries[1], 1}, {primaries[2], primaries[3], 1}, {primaries[4], primaries[5], 1}};
    cmsToneCurve *tone = tone_curve(curve);
    cmsToneCurve *tones[3] = {tone, tone, tone};
    cmsHPROFILE profile = tone == NULL ? NULL : cmsCreateRGBProfile(&white, &colours, tones);
    cmsUInt32Number size = 0;
    if (profile == NULL || !cmsSaveProfileToMem(profile, NULL, &size) || size < 128) {
        picture_warn(p, codec_warning_profile, NULL);
        return;
    }
    uint8_t *bytes = need_memory(size, 1);
    if (cmsSaveProfileToMem(profile, bytes, &size)) {
        // The time of making (bytes 24 to 35) would make every run's file another one.
        static const uint8_t date[12] = {0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
        memcpy(bytes + 24, date, sizeof date);
        picture_set_profile(p, bytes, size);
        p->report.keeps_profile = !same_colours;
    }
    free(bytes);
    cmsCloseProfile(profile);
    cmsFreeToneCurve(tone);
}

typedef struct {
    unsigned code;
    double primaries[8];
} named_primaries;

// ITU-T H.273 (09/2023), table 2.
static const named_primaries known_primaries[] = {
    {1, {0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290}},
    {4, {0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.310, 0.316}},
    {5, {0.64, 0.33, 0.29, 0.60, 0.15, 0.06, 0.3127, 0.3290}},
    {6, {0.630, 0.340, 0.310, 0.595, 0.155, 0.070, 0.3127, 0.3290}},
    {7, {0.630, 0.340, 0.310, 0.595, 0.155, 0.070, 0.3127, 0.3290}},
    {8, {0.681, 0.319, 0.243, 0.692, 0.145, 0.049, 0.310, 0.316}},
    {9, {0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290}},
    {11, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351}},
    {12, {0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290}},
};

// PQ (SMPTE ST 2084) with diffuse white at 203 cd/m² (ITU-R BT.2408); brighter light is white.
static float pq_light(float value) {
    const float m1 = 0.1593017578125f, m2 = 78.84375f, c1 = 0.8359375f, c2 = 18.8515625f, c3 = 18.6875f;
    const float power = powf(value, 1 / m2), low = power - c1;
    const float light = low <= 0 ? 0 : 10000.0f * powf(low / (c2 - c3 * power), 1 / m1) / 203.0f;
    return fminf(light, 1);
}

// HLG (ITU-R BT.2100) with diffuse white at three quarters of the signal (BT.2408); brighter light is white.
static float hlg_light(float value) {
    const float a = 0.17883277f, b = 0.28466892f, c = 0.55991073f;
    const float scene = value <= 0.5f ? value * value / 3 : (expf((value - c) / a) + b) / 12;
    const float white = (expf((0.75f - c) / a) + b) / 12;
    return fminf(powf(scene / white, 1.2f), 1);
}

// The transfer characteristics of H.273, table 3.
// - Returns: whether the code is known.
static bool curve_of(unsigned transfer, light_curve *curve) {
    enum { count = 4096 };
    static float table[count];
    *curve = (light_curve){0, NULL, 0};
    switch (transfer) {
    // Pictures in these are made to be seen like sRGB, and browsers show them so.
    case 1:
    case 6:
    case 13:
    case 14:
    case 15: return true;
    case 4: curve->gamma = 2.2; return true;
    case 5: curve->gamma = 2.8; return true;
    case 8: curve->gamma = 1; return true;
    case 16:
    case 18: break;
    default: return false;
    }
    for (unsigned i = 0; i < count; i++) {
        const float value = (float)i / (count - 1);
        table[i] = transfer == 16 ? pq_light(value) : hlg_light(value);
    }
    *curve = (light_curve){0, table, count};
    return true;
}

void profile_set_cicp(picture *p, unsigned primaries, unsigned transfer) {
    light_curve curve;
    for (size_t i = 0; i < sizeof known_primaries / sizeof *known_primaries; i++) {
        if (known_primaries[i].code == primaries && curve_of(transfer, &curve)) {
            profile_set_primaries(p, known_primaries[i].primaries, curve);
            return;
        }
    }
}

// MARK: - Inks

struct cmyk_converter {
    cmsHTRANSFORM transform;
    unsigned depth;
    /// Pixels whose time has not been allowed yet.
    size_t unpaid;
};

cmyk_converter *cmyk_begin(picture *p, unsigned depth, const void *bytes, size_t size) {
    cmyk_converter *converter = need_memory(1, sizeof *converter);
    converter->depth = depth;
    if (bytes == NULL || size == 0) {
        return converter;
    }
    cmsHPROFILE profile = size > CODEC_LARGEST_PROFILE ? NULL : cmsOpenProfileFromMem(bytes, (cmsUInt32Number)size);
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    if (profile != NULL && srgb != NULL && cmsGetColorSpace(profile) == cmsSigCmykData) {
        // The table that Little CMS would make of all stages has 23 steps an ink: up to 18 of 255 levels off.
        converter->transform =
            cmsCreateTransform(profile, depth == 1 ? TYPE_CMYK_8 : TYPE_CMYK_16, srgb,
                               depth == 1 ? TYPE_RGB_8 : TYPE_RGB_16, INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE);
    }
    if (profile != NULL) {
        cmsCloseProfile(profile);
    }
    if (srgb != NULL) {
        cmsCloseProfile(srgb);
    }
    if (converter->transform == NULL) {
        picture_warn(p, codec_warning_profile, NULL);
    }
    return converter;
}

void cmyk_convert(cmyk_converter *converter, const void *inks, void *colours, size_t count) {
    if (converter->transform != NULL) {
        // A third of a second a megapixel, which an idle decoder's limit does not foresee.
        for (converter->unpaid += count; converter->unpaid >= 1000000; converter->unpaid -= 1000000) {
            alarm(alarm(0) + 1);
        }
        cmsDoTransform(converter->transform, inks, colours, (cmsUInt32Number)count);
        return;
    }
    for (size_t i = 0; i < 3 * count; i++) {
        const size_t ink = i / 3 * 4 + i % 3, black = i / 3 * 4 + 3;
        if (converter->depth == 1) {
            const uint8_t *in = inks;
            ((uint8_t *)colours)[i] = (uint8_t)(((255 - in[ink]) * (255 - in[black]) + 127) / 255);
        } else {
            const uint16_t *in = inks;
            ((uint16_t *)colours)[i] =
                (uint16_t)(((65535u - in[ink]) * (uint64_t)(65535u - in[black]) + 32767) / 65535);
        }
    }
}
