#define _GNU_SOURCE
#include "picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

void *need_memory(size_t count, size_t size) {
    void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
    if (memory == NULL) {
        fail(codec_no_memory, NULL);
    }
    return memory;
}

// A small picture has seconds and little memory; a large one gets more with every pixel.
static void allow(uint64_t pixels, uint64_t bytes_per_pixel) {
    struct rlimit memory, time;
    alarm((unsigned)(12 + pixels / 1000000));
    if (getrlimit(RLIMIT_DATA, &memory) == 0) {
        const rlim_t wanted = memory.rlim_cur + pixels * bytes_per_pixel;
        memory.rlim_cur = wanted < memory.rlim_max ? wanted : memory.rlim_max;
        setrlimit(RLIMIT_DATA, &memory);
    }
    if (getrlimit(RLIMIT_CPU, &time) == 0) {
        const rlim_t wanted = time.rlim_cur + pixels / 500000;
        time.rlim_cur = wanted < time.rlim_max ? wanted : time.rlim_max;
        setrlimit(RLIMIT_CPU, &time);
    }
}

void picture_begin(picture *p, uint64_t width, uint64_t height, unsigned colours, bool alpha, unsigned depth,
                   unsigned bytes_per_pixel) {
    if (width == 0 || height == 0) {
        fail(codec_damaged, NULL);
    }
    const bool swapped = p->orientation >= 5;
    p->report.width = (uint32_t)(swapped ? height : width);
    p->report.height = (uint32_t)(swapped ? width : height);
    if (width > UINT32_MAX || height > UINT32_MAX || width > p->most_pixels / height) {
        fail(codec_too_large, NULL);
    }
    p->stored_width = (uint32_t)width;
    p->stored_height = (uint32_t)height;
    p->report.colours = colours;
    p->report.alpha = alpha;
    p->report.depth = depth;
    p->mapped = (size_t)(width * height) * picture_channels(p) * depth;
    allow(width * height, bytes_per_pixel);
    if (ftruncate(CODEC_FILE, (off_t)p->mapped) != 0) {
        fail(codec_no_room, NULL);
    }
    p->samples = mmap(NULL, p->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, CODEC_FILE, 0);
    if (p->samples == MAP_FAILED) {
        fail(codec_no_memory, NULL);
    }
}

unsigned picture_channels(const picture *p) { return p->report.colours + (p->report.alpha ? 1 : 0); }

size_t picture_row_bytes(const picture *p) { return (size_t)p->stored_width * picture_channels(p) * p->report.depth; }

uint8_t *picture_row(picture *p, uint32_t y) {
    return p->orientation > 1 || y >= p->stored_height ? NULL : p->samples + y * picture_row_bytes(p);
}

void picture_put(picture *p, uint32_t x, uint32_t y, uint32_t width, const void *samples, unsigned first,
                 unsigned count) {
    const unsigned channels = picture_channels(p), depth = p->report.depth;
    if (y >= p->stored_height || x >= p->stored_width || first + count > channels) {
        return;
    }
    if (width > p->stored_width - x) {
        width = p->stored_width - x;
    }
    if (p->orientation <= 1 && count == channels) {
        memcpy(p->samples + y * picture_row_bytes(p) + (size_t)x * channels * depth, samples,
               (size_t)width * channels * depth);
        return;
    }
    // Where the row's first pixel and its next one stand in the upright picture, in pixels (Exif 2.32, 4.6.4 A).
    const int64_t w = p->stored_width, h = p->stored_height, column = x, row = y;
    int64_t place = row * w + column, step = 1;
    switch (p->orientation) {
    case 2:
        place = row * w + (w - 1 - column);
        step = -1;
        break;
    case 3:
        place = (h - 1 - row) * w + (w - 1 - column);
        step = -1;
        break;
    case 4: place = (h - 1 - row) * w + column; break;
    case 5:
        place = column * h + row;
        step = h;
        break;
    case 6:
        place = column * h + (h - 1 - row);
        step = h;
        break;
    case 7:
        place = (w - 1 - column) * h + (h - 1 - row);
        step = -h;
        break;
    case 8:
        place = (w - 1 - column) * h + row;
        step = -h;
        break;
    default: break;
    }
    const uint8_t *from = samples;
    const size_t size = (size_t)count * depth;
    const ptrdiff_t stride = (ptrdiff_t)step * channels * depth;
    uint8_t *to = p->samples + (size_t)place * channels * depth + (size_t)first * depth;
    for (uint32_t i = 0; i < width; i++, from += size, to += stride) {
        for (size_t byte = 0; byte < size; byte++) {
            to[byte] = from[byte];
        }
    }
}

void picture_warn(picture *p, unsigned warning, const char *detail) {
    p->report.warnings |= warning;
    if (detail != NULL && p->detail[0] == '\0') {
        strncpy(p->detail, detail, sizeof p->detail - 1);
    }
}

void picture_set_profile(picture *p, const void *bytes, size_t size) {
    if (bytes == NULL || size == 0) {
        return;
    }
    free(p->profile);
    p->profile = NULL;
    p->report.profile_size = 0;
    if (size > CODEC_LARGEST_PROFILE) {
        picture_warn(p, codec_warning_profile, NULL);
        return;
    }
    p->profile = need_memory(size, 1);
    memcpy(p->profile, bytes, size);
    p->report.profile_size = (uint32_t)size;
    p->report.keeps_profile = 1;
}
