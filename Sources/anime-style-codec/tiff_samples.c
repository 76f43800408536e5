#include "tiff_samples.h"

#include <math.h>
#include <string.h>

// `count` numbers of 1 to 16 bits, packed from the highest bit on (TIFF 6.0, section 3), as whole numbers.
static unsigned packed(const uint8_t *raw, size_t index, unsigned bits) {
    unsigned value = 0;
    for (size_t bit = index * bits, end = bit + bits; bit < end; bit++) {
        value = value << 1 | (raw[bit / 8] >> (7 - bit % 8) & 1u);
    }
    return value;
}

static float half(uint16_t bits) {
    const int exponent = bits >> 10 & 31;
    const float fraction = (float)(bits & 1023);
    const float magnitude = exponent == 0    ? ldexpf(fraction, -24)
                            : exponent == 31 ? 0
                                             : ldexpf(fraction + 1024, exponent - 25);
    return bits >> 15 ? -magnitude : magnitude;
}

void tiff_unpack(const tiff_layout *l, const uint8_t *raw, size_t count, void *to) {
    if (l->format == SAMPLEFORMAT_IEEEFP) {
        for (size_t i = 0; i < count; i++) {
            float value = l->bits == 16   ? half(((const uint16_t *)raw)[i])
                          : l->bits == 64 ? (float)((const double *)raw)[i]
                                          : ((const float *)raw)[i];
            ((float *)to)[i] = isfinite(value) ? value : 0;
        }
    } else if (l->bits == 8 || l->bits == 16) {
        memcpy(to, raw, count * l->bits / 8);
    } else if (l->bits == 32) {
        for (size_t i = 0; i < count; i++) {
            ((uint16_t *)to)[i] = (uint16_t)(((const uint32_t *)raw)[i] >> 16);
        }
    } else {
        const bool is_index = l->photometric == PHOTOMETRIC_PALETTE;
        const unsigned most = (1u << l->bits) - 1;
        for (size_t i = 0; i < count; i++) {
            const unsigned value = packed(raw, i, l->bits);
            if (l->bits < 8) {
                ((uint8_t *)to)[i] = (uint8_t)(is_index ? value : (value * 255 + most / 2) / most);
            } else {
                ((uint16_t *)to)[i] = (uint16_t)((value * 65535ull + most / 2) / most);
            }
        }
    }
}

unsigned tiff_depth(const tiff_layout *l) {
    return l->photometric == PHOTOMETRIC_PALETTE ? 1 : l->format == SAMPLEFORMAT_IEEEFP ? 4 : l->bits <= 8 ? 1 : 2;
}

static double sample(const void *row, size_t index, unsigned depth) {
    return depth == 1   ? ((const uint8_t *)row)[index]
           : depth == 2 ? ((const uint16_t *)row)[index]
                        : (double)((const float *)row)[index];
}

static void set_sample(void *row, size_t index, unsigned depth, double value) {
    const double most = depth == 1 ? 255 : 65535;
    if (depth == 4) {
        ((float *)row)[index] = (float)value;
        return;
    }
    value = value < 0 ? 0 : value > most ? most : value;
    if (depth == 1) {
        ((uint8_t *)row)[index] = (uint8_t)(value + 0.5);
    } else {
        ((uint16_t *)row)[index] = (uint16_t)(value + 0.5);
    }
}

static void look_up(const tiff_layout *l, size_t width) {
    const uint8_t *row = l->unpacked;
    uint8_t *to = l->finished;
    for (size_t i = 0; i < 3 * width; i++) {
        to[i] = (uint8_t)(l->palette[i % 3][row[i / 3 * l->samples]] >> 8);
    }
}

void tiff_finish_row(const tiff_layout *l, const picture *p, size_t width) {
    const unsigned depth = p->report.depth, channels = picture_channels(p);
    const double most = depth == 1 ? 255 : depth == 2 ? 65535 : 1;
    if (l->photometric == PHOTOMETRIC_PALETTE) {
        look_up(l, width);
        return;
    }
    if (l->inks != NULL) {
        cmyk_convert(l->inks, l->unpacked, l->finished, width);
        return;
    }
    for (size_t x = 0; x < width; x++) {
        const size_t from = x * l->samples, to = x * channels;
        const double alpha = l->alpha < 0 ? most : sample(l->unpacked, from + (size_t)l->alpha, depth);
        for (int c = 0; c < l->colours; c++) {
            double value = sample(l->unpacked, from + (size_t)c, depth);
            if (l->photometric == PHOTOMETRIC_MINISWHITE) {
                value = most - value;
            }
            if (l->is_premultiplied) {
                value = alpha > 0 ? value * most / alpha : 0;
            }
            set_sample(l->finished, to + (size_t)c, depth, value);
        }
        if (l->alpha >= 0) {
            set_sample(l->finished, to + (size_t)l->colours, depth, alpha);
        }
    }
}
