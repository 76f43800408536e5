#include "tiff_pages.h"

#include <math.h>
#include <string.h>

#include "picture.h"

typedef struct {
    uint32_t kind, width, height;
} page;

static page look(TIFF *file) {
    page found = {0, 0, 0};
    uint16_t old_kind = 0;
    if (!TIFFGetField(file, TIFFTAG_SUBFILETYPE, &found.kind) && TIFFGetField(file, TIFFTAG_OSUBFILETYPE, &old_kind)) {
        found.kind = old_kind == OFILETYPE_REDUCEDIMAGE ? FILETYPE_REDUCEDIMAGE : 0;
    }
    TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &found.width);
    TIFFGetField(file, TIFFTAG_IMAGELENGTH, &found.height);
    return found;
}

static bool is_reduced(page p) { return (p.kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0; }

// A thumbnail that nothing marks as one: far smaller than a page of the same shape.
static bool is_thumbnail_of(page small, page large) {
    const double shape = (double)small.width * large.height / ((double)small.height * large.width + 1e-9);
    return large.width / 4 >= small.width && fabs(shape - 1) < 0.05 && small.width <= 512 && small.height <= 512;
}

static bool is_camera_raw(TIFF *file) {
    uint16_t photometric = 0;
    return TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &photometric)
           && (photometric == PHOTOMETRIC_CFA || photometric == 34892);
}

// A camera's raw file shows a thumbnail in its first directory and has the photograph in another one below.
static bool hides_camera_raw(TIFF *file) {
    uint16_t count = 0;
    uint64_t *offsets = NULL, places[16];
    if (!TIFFGetField(file, TIFFTAG_SUBIFD, &count, &offsets) || count > 16) {
        return false;
    }
    memcpy(places, offsets, count * sizeof *places);
    for (uint16_t i = 0; i < count; i++) {
        if (TIFFSetSubDirectory(file, places[i]) && is_camera_raw(file)) {
            return true;
        }
    }
    return false;
}

void tiff_choose_page(TIFF *file) {
    enum { most_pages = 256 };
    static page pages[most_pages];
    unsigned count = 0, chosen = 0;
    do {
        pages[count++] = look(file);
    } while (count < most_pages && TIFFReadDirectory(file));
    while (chosen < count && is_reduced(pages[chosen])) {
        chosen++;
    }
    const bool all_reduced = chosen == count;
    if (all_reduced) {
        chosen = 0;
    }
    for (unsigned i = chosen + 1; i < count; i++) {
        if ((all_reduced || !is_reduced(pages[i])) && is_thumbnail_of(pages[chosen], pages[i])) {
            chosen = i;
        }
    }
    TIFFSetDirectory(file, 0);
    if (all_reduced && hides_camera_raw(file)) {
        fail(codec_unsupported, "camera raw");
    }
    if (!TIFFSetDirectory(file, (tdir_t)chosen)) {
        fail(codec_damaged, NULL);
    }
    if (is_camera_raw(file)) {
        fail(codec_unsupported, "camera raw");
    }
}
